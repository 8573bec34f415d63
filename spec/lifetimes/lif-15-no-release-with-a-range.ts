import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'
import { quiescence } from '../facts/quiescence'

/** A registered range keeps the end of its address space away. */
export const noReleaseWithARange = contract({
  id: 'LIF-15',
  binds: 'hmm',
  says: 'the release of HMM is never called while a range of that mm is registered',
  cites: ['000:841-845'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { mirrors, quiescence },
  /** Notifiers on which ranges were registered at some time. */
  start: () => new Set<string>(),
  on: {
    'hmm_range_register.return': (used, { range, result }, { quiescence }) => {
      const known = quiescence.ranges.get(range)
      if (result === 0 && known) used.add(known.mn)
    },
    'mmu_notifier_ops.release': (used, { mn }, { mirrors, quiescence }, tell) => {
      if (!mirrors.notifiers.get(mn)?.hmm) return
      const range = [...quiescence.ranges.values()].find(
        (candidate) => candidate.mn === mn && candidate.registered,
      )
      if (range)
        tell.object(
          `${mn} is released while ${range.range} [${range.start}, ${range.end}) is registered`,
        )
      else tell.exercise(used.has(mn) ? 'after its ranges' : 'there were no ranges')
    },
  },
})
