import { contract, type Known, type Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { rangeUse } from '../facts/range-use'

interface Walking {
  /** Tasks inside a page fault, or inside the teardown of an address space. */
  readonly elsewhere: Set<number>
}
const uses = { callbacks, rangeUse }

/** Mirroring goes by pfn: a struct page may be gone before its number is. */
export const pfnOnly = contract({
  id: 'HMM-21',
  binds: 'driver',
  says: 'while it uses a range, and in the callbacks of a mirror, neither HMM nor a driver touches a struct page',
  cites: ['003:2'],
  minimum: { exercised: 200, witnesses: 2 },
  uses,
  start: (): Walking => ({ elsewhere: new Set() }),
  on: {
    handle_mm_fault: ({ elsewhere }, { task }) => void elsewhere.add(task),
    'handle_mm_fault.return': ({ elsewhere }, { task }) => void elsewhere.delete(task),
    get_page: (state, { task, pfn }, known, tell) =>
      judge(state, task, `takes a reference to the page of pfn ${pfn}`, known, tell),
    put_page: (state, { task, pfn }, known, tell) =>
      judge(state, task, `drops a reference to the page of pfn ${pfn}`, known, tell),
    device_pte_set: (_state, { task }, { rangeUse }, tell) => {
      if (rangeUse.byTask.get(task)?.length) tell.exercise('published by pfn')
    },
    'sync_cpu_device_pagetables.return': (_state, _event, _known, tell) =>
      tell.exercise('dropped by address'),
  },
})

function judge(
  { elsewhere }: Walking,
  task: number,
  does: string,
  { callbacks, rangeUse }: Known<typeof uses>,
  tell: Tell,
): void {
  if (elsewhere.has(task)) return
  const op = callbacksOf(callbacks, task).at(-1)?.op
  const range = rangeUse.byTask.get(task)?.at(-1)?.range
  if (op === 'sync' || op === 'mirror release') tell.object(`a mirror's ${op} ${does}`)
  else if (range !== undefined) tell.object(`task ${task}, which uses ${range}, ${does}`)
}
