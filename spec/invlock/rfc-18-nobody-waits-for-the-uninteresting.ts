import { contract } from '../contract'
import { invlockOf, invlocks } from '../facts/invlocks'

/** What happens elsewhere in the address space holds nobody up. */
export const nobodyWaitsForTheUninteresting = contract({
  id: 'RFC-18',
  binds: 'notifier-core',
  says: 'while only uninteresting invalidations are open, and no interesting one was since the first of them began, nobody waits to begin a section',
  cites: ['000:6901-6902'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { invlocks },
  on: {
    'mm_invlock_start_write_and_lock.return': (_state, { invlock }, { invlocks }, tell) => {
      const { active, interesting } = invlockOf(invlocks, invlock)
      if (active > 0 && !interesting) tell.exercise('begun beside')
    },
    schedule: (_state, { task, why }, { invlocks }, tell) => {
      const section = invlocks.sections.get(task)
      if (!section || section.entered || why !== 'wait') return
      const { active, interesting } = invlockOf(invlocks, section.invlock)
      if (active > 0 && !interesting)
        tell.object(
          `task ${task} waits for ${section.invlock}, of which nothing interesting is open`,
        )
    },
  },
})
