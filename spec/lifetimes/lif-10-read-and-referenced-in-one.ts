import { contract, type Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks } from '../facts/locks'
import { mirrors } from '../facts/mirrors'

interface Sides {
  readonly registering: Map<number, string>
  /** Tasks in a callback of SRCU, and the locks it has taken. */
  readonly freeing: Map<number, Set<string>>
  /** By mm: the locks that every reference found through it was asked under. */
  readonly asked: Map<string, readonly string[]>
  /** By mm: the locks that every callback which freed an hmm of it had taken. */
  readonly freed: Map<string, readonly string[]>
}

/** Between reading where the hmm is and referencing it, it can not be freed. */
export const readAndReferencedInOne = contract({
  id: 'LIF-10',
  binds: 'hmm',
  says: 'the hmm of an mm is found and referenced under a lock that the callback takes before it frees that hmm',
  cites: ['000:7513-7528', '000:7552-7560'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { callbacks, locks, mirrors },
  start: (): Sides => ({
    registering: new Map(),
    freeing: new Map(),
    asked: new Map(),
    freed: new Map(),
  }),
  on: {
    hmm_mirror_register: ({ registering }, { task, mm }) => void registering.set(task, mm),
    'hmm_mirror_register.return': ({ registering }, { task }) => void registering.delete(task),
    kref_get_unless_zero: (state, { task }, { callbacks, locks }, tell) => {
      const mm = state.registering.get(task)
      if (mm === undefined || callbacksOf(callbacks, task).length > 0) return
      const held = heldBy(locks, task).map(({ lock }) => lock)
      state.asked.set(mm, common(state.asked.get(mm), held))
      judge(state, mm, 'asked', tell)
    },
    srcu_invoke_callback: ({ freeing }, { task }) => void freeing.set(task, new Set()),
    'srcu_invoke_callback.return': ({ freeing }, { task }) => void freeing.delete(task),
    'spin_lock.return': ({ freeing }, { task, lock }) => void freeing.get(task)?.add(lock),
    'mutex_lock.return': ({ freeing }, { task, lock }) => void freeing.get(task)?.add(lock),
    'down_write.return': ({ freeing }, { task, lock }) => void freeing.get(task)?.add(lock),
    kfree: (state, { task, embeds }, { mirrors }, tell) => {
      const taken = state.freeing.get(task)
      if (!taken) return
      for (const mn of embeds.split(' ')) {
        const notifier = mirrors.notifiers.get(mn)
        if (!notifier?.hmm) continue
        state.freed.set(notifier.mm, common(state.freed.get(notifier.mm), [...taken]))
        judge(state, notifier.mm, 'freed', tell)
      }
    },
  },
})

function judge({ asked, freed }: Sides, mm: string, side: string, tell: Tell): void {
  const [ask, free] = [asked.get(mm), freed.get(mm)]
  if (!ask || !free) return
  if (ask.some((lock) => free.includes(lock))) tell.exercise(side)
  else
    tell.object(
      `the hmm of ${mm} is referenced under ${listed(ask)} and freed after taking ${listed(free)}`,
    )
}

function common(before: readonly string[] | undefined, now: readonly string[]): readonly string[] {
  return before?.filter((lock) => now.includes(lock)) ?? now
}

function listed(locks: readonly string[]): string {
  return locks.length > 0 ? locks.join(', ') : 'no lock'
}
