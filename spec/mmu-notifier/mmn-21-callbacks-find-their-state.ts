import { contract, type Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { mirrors, type Mirrors } from '../facts/mirrors'

/** A callback gets along with the notifier it was called on, even when that was unlinked meanwhile. */
export const callbacksFindTheirState = contract({
  id: 'MMN-21',
  binds: 'hmm',
  says: 'a callback on a notifier that was unlinked meanwhile finds its object through the notifier, and the object is still memory',
  cites: ['000:131-133'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { callbacks, mirrors },
  on: {
    oops: (_state, { task, message }, { callbacks, mirrors }, tell) => {
      const late = callbacksOf(callbacks, task).find(({ op, on }) => isNotifierOp(op) && isUnlinked(mirrors, on))
      if (late) tell.object(`the ${late.op} callback of ${late.on}, which was unlinked, died: ${message}`)
    },
    'invalidate_range_start.return': (_state, { mn }, { mirrors }, tell) => survived('start', mn, mirrors, tell),
    'invalidate_range_end.return': (_state, { mn }, { mirrors }, tell) => survived('end', mn, mirrors, tell),
    'mmu_notifier_ops.release.return': (_state, { mn }, { mirrors }, tell) => survived('release', mn, mirrors, tell),
  },
})

function isNotifierOp(op: string): boolean {
  return op === 'start' || op === 'end' || op === 'release'
}

function isUnlinked(mirrors: Mirrors, mn: string): boolean {
  return mirrors.notifiers.get(mn)?.listed === false
}

function survived(op: string, mn: string, mirrors: Mirrors, tell: Tell): void {
  if (isUnlinked(mirrors, mn)) tell.exercise(`${op} outlived the unlinking`)
}
