import { contract } from '../contract'
import { invlocks } from '../facts/invlocks'

/** Collisions and waits take of a reader's time, over all of its attempts; without any it shuts others out. */
export const timeIsUsedUp = contract({
  id: 'RFC-12',
  binds: 'notifier-core',
  says: 'a reader has less time left after each repetition, none after a wait in vain, and without any takes mmap_sem for writing',
  cites: ['000:6886', '000:6989-7000', '000:6837-6838'],
  minimum: { exercised: 50, witnesses: 3 },
  uses: { invlocks },
  on: {
    mm_invlock_start_write_and_lock: (_state, { task, invlock, timeout }, { invlocks }, tell) => {
      const before = invlocks.sections.get(task)!.timeoutBefore
      if (before === null) return
      if (timeout < Math.max(1, before)) tell.exercise('a repetition')
      else
        tell.object(`a section of ${invlock} is repeated with ${timeout} left, and had ${before}`)
    },
    'mm_invlock_start_write_and_lock.return': (_state, { task, invlock }, { invlocks }, tell) => {
      const { timeout, mode } = invlocks.sections.get(task)!
      if (timeout > 0) return
      if (mode === 'exclusive') tell.exercise('no time left')
      else tell.object(`a section of ${invlock} has no time left, and mmap_sem not for writing`)
    },
    mn_invlock_end_write_and_unlock: (_state, { task, invlock, timeout }, { invlocks }, tell) => {
      const section = invlocks.sections.get(task)
      if (!section) return
      const most = section.waitedInVain ? 0 : section.timeout
      if (timeout > most)
        tell.object(`a section of ${invlock} has ${timeout} left at its end, of ${most}`)
      else if (section.waitedInVain) tell.exercise('a wait in vain')
    },
  },
})
