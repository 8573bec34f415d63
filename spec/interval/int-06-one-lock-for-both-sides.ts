import { contract } from '../contract'
import { exclusive, heldBy, locks } from '../facts/locks'

/** The test and the change of the sequence exclude each other by the user's lock. */
export const oneLockForBothSides = contract({
  id: 'INT-06',
  binds: 'driver',
  says: 'set_seq and read_retry of an interval notifier are called under one lock, the same at every call',
  cites: ['000:6283-6290'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { locks },
  /** By interval notifier, the locks that every call so far was under. */
  start: () => new Map<string, readonly string[]>(),
  on: {
    mmu_interval_notifier_insert: (common, { interval }) => void common.delete(interval),
    mmu_interval_set_seq: (common, { task, interval }, { locks }, tell) =>
      judge('set_seq', common, interval, exclusive(heldBy(locks, task)), tell),
    mmu_interval_read_retry: (common, { task, interval }, { locks }, tell) =>
      judge('read_retry', common, interval, exclusive(heldBy(locks, task)), tell),
  },
})

function judge(
  call: string,
  common: Map<string, readonly string[]>,
  interval: string,
  held: readonly { readonly lock: string }[],
  tell: { object(says: string): void; exercise(witness: string): void },
): void {
  const now = held.map(({ lock }) => lock)
  const left = common.get(interval)?.filter((lock) => now.includes(lock)) ?? now
  common.set(interval, left)
  if (left.length > 0) tell.exercise(call)
  else tell.object(`${call} of ${interval} is under no lock that all calls before were under`)
}
