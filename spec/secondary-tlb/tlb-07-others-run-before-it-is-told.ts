import { contract } from '../contract'
import { downgrades } from '../facts/downgrades'

/** Whoever delays the telling may be preempted first, for as long as others like: the suite must reach that. */
export const othersRunBeforeItIsTold = contract({
  id: 'TLB-07',
  kind: 'adversary',
  binds: 'mm',
  says: 'between the release of the page table lock and the end of the pass that tells of a read-only entry others use the page',
  cites: ['001:450-452'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { downgrades },
  on: {
    device_access: (_state, { task, mm, page, write }, { downgrades }, tell) => {
      for (const other of downgrades.open.get(mm) ?? [])
        if (other.page === page && other.released && other.task !== task)
          tell.exercise(`a device ${write ? 'writes' : 'reads'} it`)
    },
    operation: (_state, { task }, { downgrades }, tell) => {
      for (const other of [...downgrades.open.values()].flat())
        if (other.released && other.task !== task) tell.exercise('something else begins')
    },
  },
})
