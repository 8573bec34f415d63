import { contract } from '../contract'
import { heldBy, locks, type Held } from '../facts/locks'
import { rangeUse, useOf } from '../facts/range-use'

interface Test {
  readonly range: string
  readonly held: readonly Held[]
  published: number
}

/** Entries are published in the critical section of a true validity test, and nowhere else. */
export const publishInTheSectionOfTheTest = contract({
  id: 'HMM-13',
  binds: 'driver',
  says: 'a mirrored device gets entries only in the critical section in which hmm_range_valid of their range was true',
  cites: ['003:2'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { locks, rangeUse },
  /** The true test that each task has made last and that still counts. */
  start: (): Map<number, Test> => new Map(),
  on: {
    'hmm_range_valid.return': (tests, { task, range, result }, { locks }) => {
      if (result) tests.set(task, { range, held: [...heldBy(locks, task)], published: 0 })
      else tests.delete(task)
    },
    hmm_range_snapshot: (tests, { task }) => void tests.delete(task),
    hmm_range_fault: (tests, { task }) => void tests.delete(task),
    device_pte_set: (tests, { task, device, page, write }, { locks, rangeUse }, tell) => {
      if (!rangeUse.mirrorOf.has(device)) return
      const use = useOf(rangeUse, task, page)
      const test = tests.get(task)
      if (!use)
        tell.object(`${device} gets page ${page} from task ${task}, which has no range there`)
      else if (test?.range !== use.range)
        tell.object(
          `${device} gets page ${page} without a true test of ${use.range} since its entries were read`,
        )
      else if (!sameSection(test, heldBy(locks, task)))
        tell.object(
          `${device} gets page ${page} after the critical section of the test of ${use.range}`,
        )
      else {
        const first = test.published++ === 0 ? 'first' : 'further'
        const drivers = new Set(rangeUse.mirrorOf.values()).size
        tell.exercise(
          `${first} ${write ? 'writable' : 'read-only'} entry, ${drivers > 1 ? 'of several drivers' : 'one driver'}`,
        )
      }
    },
  },
})

/** mmap_sem excludes no invalidation: the section is that of another lock. */
function sameSection({ held }: Test, now: readonly Held[]): boolean {
  return held.some((lock) => lock.name !== 'mmap_sem' && now.includes(lock))
}
