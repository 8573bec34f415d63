import { contract, type Tell } from '../contract'
import { pagemaps, removedBy } from '../facts/pagemaps'
import { quiescence } from '../facts/quiescence'
import { EAGAIN, EBUSY } from '../headers/types'

interface Gone {
  /** Pages whose entry a removal has taken, by mm; where the process maps something anew it is none. */
  readonly taken: Map<string, Set<number>>
  /** Requests under way, by task, innermost last. */
  readonly asking: Map<number, Request[]>
}

interface Request {
  readonly mm: string
  /** The first page of those asked for that was taken before. */
  readonly page: number | undefined
}

/** A mirrored device fails as the CPU does, and so does whoever asks for references. */
export const whatIsGoneIsAnErrorForAll = contract({
  id: 'PGM-07',
  binds: 'mm',
  says: 'what a removal has taken from a process is an error for its CPUs, for get_user_pages and for a mirrored device alike',
  cites: ['003:2'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { pagemaps, quiescence },
  start: (): Gone => ({ taken: new Map(), asking: new Map() }),
  on: {
    'ptep_clear_flush.return': ({ taken }, { task, mm, page }, { pagemaps }) => {
      if (removedBy(pagemaps, task)?.phase !== 'invalidating') return
      if (!taken.has(mm)) taken.set(mm, new Set())
      taken.get(mm)!.add(page)
    },
    __vma_link: ({ taken }, { mm, start, end }) => {
      for (let page = start; page < end; page++) taken.get(mm)?.delete(page)
    },
    handle_mm_fault: (state, { task, mm, page }) => begin(state, task, mm, page, page + 1),
    'handle_mm_fault.return': (state, { task, result }, _known, tell) =>
      end(state, task, 'a CPU', result < 0, tell),
    get_user_pages: (state, { task, mm, page }) => begin(state, task, mm, page, page + 1),
    'get_user_pages.return': (state, { task, result }, _known, tell) =>
      end(state, task, 'get_user_pages', result === 'NULL', tell),
    hmm_range_fault: (state, { task, range, start, end }, { quiescence }) =>
      begin(state, task, quiescence.ranges.get(range)?.mm ?? '', start, end),
    'hmm_range_fault.return': (state, { task, result }, _known, tell) => {
      // To be told to try again is no answer yet.
      if (result === -EBUSY || result === -EAGAIN) state.asking.get(task)?.pop()
      else end(state, task, 'a mirror', result < 0, tell)
    },
  },
})

function begin(
  { taken, asking }: Gone,
  task: number,
  mm: string,
  start: number,
  end: number,
): void {
  const gone = [...(taken.get(mm) ?? [])].find((page) => start <= page && page < end)
  asking.set(task, [...(asking.get(task) ?? []), { mm, page: gone }])
}

/** One request may be part of another: the outermost is whose it is. */
function end({ taken, asking }: Gone, task: number, by: string, failed: boolean, tell: Tell): void {
  const request = asking.get(task)?.pop()
  if (request?.page === undefined) return
  const { mm, page } = request
  if (failed && asking.get(task)!.length === 0) tell.exercise(by)
  else if (!failed && taken.get(mm)?.has(page))
    tell.object(`${by} gets page ${page} of ${mm}, which was taken away`)
}
