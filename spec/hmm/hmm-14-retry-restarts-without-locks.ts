import { contract } from '../contract'
import { heldBy, locks, type Held } from '../facts/locks'
import { rangeUse, useOf, type RangeUse } from '../facts/range-use'
import type { Known, Tell } from '../contract'

interface Failed {
  readonly range: string
  readonly mirror: string
  readonly held: readonly Held[]
  restarted: boolean
}

const uses = { locks, rangeUse }

/** After a failed test the driver lets go of its locks and reads the entries anew. */
export const retryRestartsWithoutLocks = contract({
  id: 'HMM-14',
  binds: 'driver',
  says: 'after a false hmm_range_valid the driver releases the update lock and mmap_sem before it waits or reads again, and publishes nothing that it read before',
  cites: ['000:6400-6404'],
  minimum: { exercised: 50, witnesses: 2 },
  uses,
  /** The failed test of each task, until entries were read anew. */
  start: (): Map<number, Failed> => new Map(),
  on: {
    'hmm_range_valid.return': (failures, { task, range, result }, { locks, rangeUse }) => {
      const mirror = rangeUse.byTask.get(task)?.findLast((use) => use.range === range)?.mirror
      if (!result && mirror !== undefined)
        failures.set(task, { range, mirror, held: [...heldBy(locks, task)], restarted: false })
    },
    hmm_range_wait_until_valid: (failures, { task, range }, known, tell) =>
      restart('wait', failures.get(task), task, range, known, tell),
    hmm_range_snapshot: (failures, { task, range }, known, tell) =>
      restart('snapshot', failures.get(task), task, range, known, tell),
    hmm_range_fault: (failures, { task, range }, known, tell) =>
      restart('fault', failures.get(task), task, range, known, tell),
    'hmm_range_snapshot.return': (failures, { task, range, result }) =>
      readAnew(failures, task, range, result),
    'hmm_range_fault.return': (failures, { task, range, result }) =>
      readAnew(failures, task, range, result),
    hmm_range_unregister: (failures, { task, range }) => readAnew(failures, task, range, 0),
    device_pte_set: (failures, { task, device, page }, { rangeUse }, tell) => {
      const failed = failures.get(task)
      if (failed && useOf(rangeUse, task, page)?.range === failed.range)
        tell.object(
          `${device} gets page ${page} of ${failed.range} after a failed test, and nothing was read anew`,
        )
    },
  },
})

function restart(
  what: string,
  failed: Failed | undefined,
  task: number,
  range: string,
  { locks, rangeUse }: Known<typeof uses>,
  tell: Tell,
): void {
  if (failed?.range !== range) return
  const now = heldBy(locks, task)
  const kept = failed.held.filter((lock) => now.includes(lock) && mustGo(lock, failed, rangeUse))
  if (kept.length > 0)
    tell.object(
      `task ${task} begins a ${what} on ${range} with ${kept.map(({ name }) => name).join(' and ')} kept from the failed test`,
    )
  else tell.exercise(`${failed.restarted ? 'goes on' : 'restarts'} with a ${what}`)
  failed.restarted = true
}

function mustGo({ lock, name }: Held, { mirror }: Failed, { updateLocks }: RangeUse): boolean {
  return name === 'mmap_sem' || (updateLocks.get(mirror)?.includes(lock) ?? false)
}

function readAnew(
  failures: Map<number, Failed>,
  task: number,
  range: string,
  result: number,
): void {
  if (result >= 0 && failures.get(task)?.range === range) failures.delete(task)
}
