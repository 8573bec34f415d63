import { contract } from '../contract'
import { downgrades } from '../facts/downgrades'

/** A page that stays may be told of when the pass ends. */
export const protectionMayWait = contract({
  id: 'TLB-05',
  kind: 'permission',
  binds: 'mm',
  says: 'that an entry became read-only may be told when the pass ends, with the page table lock released',
  cites: ['001:448-450', '001:273-281'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { downgrades },
  on: {
    invalidate_range: (_state, { mm, start, end }, { downgrades }, tell) => {
      for (const { page, released } of downgrades.open.get(mm) ?? [])
        if (start <= page && page < end && released)
          tell.exercise('told when the lock was released')
    },
  },
})
