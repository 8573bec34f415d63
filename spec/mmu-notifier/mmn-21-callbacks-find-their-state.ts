import { contract, type Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'

/** Notifiers that their owners have begun to unlink. */
type Unlinked = Set<string>

/** A callback gets along with the notifier it was called on, even when that was unlinked meanwhile. */
export const callbacksFindTheirState = contract({
  id: 'MMN-21',
  binds: 'hmm',
  says: 'a callback on a notifier that was unlinked meanwhile finds its object through the notifier, and the object is still memory',
  cites: ['000:131-133'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { callbacks },
  start: (): Unlinked => new Set(),
  on: {
    mmu_notifier_unregister: (unlinked, { mn }) => void unlinked.add(mn),
    mmu_notifier_unregister_no_release: (unlinked, { mn }) => void unlinked.add(mn),
    oops: (unlinked, { task, message }, { callbacks }, tell) => {
      const late = callbacksOf(callbacks, task).find(({ on }) => unlinked.has(on))
      if (late)
        tell.object(`the ${late.op} callback of ${late.on}, which was unlinked, died: ${message}`)
    },
    'invalidate_range_start.return': (unlinked, { mn }, _known, tell) =>
      survived('start', mn, unlinked, tell),
    'invalidate_range_end.return': (unlinked, { mn }, _known, tell) =>
      survived('end', mn, unlinked, tell),
    'mmu_notifier_ops.release.return': (unlinked, { mn }, _known, tell) =>
      survived('release', mn, unlinked, tell),
  },
})

function survived(op: string, mn: string, unlinked: Unlinked, tell: Tell): void {
  if (unlinked.has(mn)) tell.exercise(`${op} outlived the unlinking`)
}
