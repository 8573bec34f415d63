import { contract } from '../contract'
import { listedWith, mirrors } from '../facts/mirrors'
import { passes } from '../facts/passes'

/** What a notifier is told does not depend on who else listens. */
export const notifiersCompose = contract({
  id: 'MMN-13',
  binds: 'notifier-core',
  says: 'a pass that was not refused has told each of several listed notifiers of its start, whatever the others answered',
  cites: ['004:70-72', '004:81-82'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { mirrors, passes },
  /** By pass, who was listed when its start walk began. */
  start: () => new Map<string, readonly string[]>(),
  on: {
    __mmu_notifier_invalidate_range_start: (owed, { pass, mm }, { mirrors }) =>
      void owed.set(pass, listedWith(mirrors, mm, 'invalidate_range_start')),
    '__mmu_notifier_invalidate_range_start.return': (owed, { pass, mm }, known, tell) => {
      const walk = known.passes.byId.get(pass)
      const before = owed.get(pass) ?? []
      owed.delete(pass)
      // A walk that meets a removal is judged by MMN-10.
      if (!walk || walk.phase === 'failed' || walk.removed.size > 0 || before.length < 2) return
      const listed = listedWith(known.mirrors, mm, 'invalidate_range_start')
      const missed = before.find((mn) => listed.includes(mn) && !walk.starts.has(mn))
      const shape = `${walk.blockable ? '' : 'non-'}blockable, ${before.length} notifiers`
      if (missed) tell.object(`${missed} is not told of ${pass}, a ${shape}`)
      else tell.exercise(shape)
    },
  },
})
