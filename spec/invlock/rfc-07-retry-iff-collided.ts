import { contract } from '../contract'
import { invlocks } from '../facts/invlocks'

/** A section must be repeated if an invalidation began in it, whether or not it is over, and only then. */
export const retryIffCollided = contract({
  id: 'RFC-07',
  binds: 'notifier-core',
  says: 'end_write_and_unlock answers true if an interesting invalidation began in the section, and false if none began since its start was called',
  cites: ['000:6938-6946', '000:6824-6826'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { invlocks },
  on: {
    'mn_invlock_end_write_and_unlock.return': (_state, { task, invlock, result }, known, tell) => {
      const section = known.invlocks.sections.get(task)
      if (!section) return
      const { sinceCall, sinceReturn } = section.collided
      if (sinceReturn > 0 && !result)
        tell.object(`the section of ${invlock} is to be published, and an invalidation began in it`)
      else if (sinceCall === 0 && result)
        tell.object(`the section of ${invlock} is to be repeated, and no invalidation began in it`)
      else tell.exercise(result ? 'retry' : 'no collision')
    },
  },
})
