import { contract } from '../contract'
import { pagemaps, removedBy } from '../facts/pagemaps'
import { rangeUse } from '../facts/range-use'

/** The tests of GPU drivers do not get there. */
export const takenAwayUnderAFault = contract({
  id: 'PGM-13',
  kind: 'adversary',
  binds: 'driver',
  says: 'a removal takes pages for which a mirrored device has a fault under way, before their entries are read and after that',
  cites: ['003:1', '003:2'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { pagemaps, rangeUse },
  /** Ranges whose entries were read, and not tested since. */
  start: (): Set<string> => new Set(),
  on: {
    hmm_range_fault: (read, { range }) => void read.delete(range),
    'hmm_range_fault.return': (read, { range, result }) => {
      if (result >= 0) read.add(range)
    },
    hmm_range_valid: (read, { range }) => void read.delete(range),
    hmm_range_unregister: (read, { range }) => void read.delete(range),
    sync_cpu_device_pagetables: (read, event, { pagemaps, rangeUse }, tell) => {
      const { task, mirror, start, end } = event
      if (!removedBy(pagemaps, task)) return
      for (const use of [...rangeUse.byTask.values()].flat())
        if (use.mirror === mirror && use.start < end && start < use.end)
          tell.exercise(read.has(use.range) ? 'after they are read' : 'before they are read')
    },
  },
})
