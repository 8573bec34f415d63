import { contract } from '../contract'
import { invlockOf, invlocks } from '../facts/invlocks'

/** When the last invalidation is over, whoever waited for it gets on. */
export const endsFreeReaders = contract({
  id: 'RFC-03',
  binds: 'notifier-core',
  says: 'when the run is over nobody waits to begin a section while no invalidation is open',
  cites: ['000:6923-6931'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { invlocks },
  on: {
    mmu_invlock_inv_end: (_state, { invlock }, { invlocks }, tell) => {
      const waits = [...invlocks.sections.values()].some(
        (section) => section.invlock === invlock && !section.entered,
      )
      if (waits && invlockOf(invlocks, invlock).active === 0) tell.exercise('a reader is waiting')
    },
    run_end: (_state, _event, { invlocks }, tell) => {
      for (const [task, { invlock, entered }] of invlocks.sections)
        if (!entered && invlockOf(invlocks, invlock).active === 0)
          tell.object(`task ${task} waits for ${invlock}, of which no invalidation is open`)
    },
  },
})
