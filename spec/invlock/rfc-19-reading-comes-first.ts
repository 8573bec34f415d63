import { contract } from '../contract'
import { invlocks } from '../facts/invlocks'

/** Whoever always takes mmap_sem for writing needs no count of invalidations. */
export const readingComesFirst = contract({
  id: 'RFC-19',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a reader’s first attempt takes mmap_sem for reading, unless it has waited in vain',
  cites: ['000:7199-7202'],
  minimum: { exercised: 100, witnesses: 1 },
  uses: { invlocks },
  on: {
    'mm_invlock_start_write_and_lock.return': (_state, { task, invlock }, { invlocks }, tell) => {
      const { timeoutBefore, waitedInVain, mode } = invlocks.sections.get(task)!
      if (timeoutBefore !== null || waitedInVain) return
      if (mode === 'exclusive')
        tell.object(`the first attempt for ${invlock} takes mmap_sem for writing`)
      else tell.exercise('for reading')
    },
  },
})
