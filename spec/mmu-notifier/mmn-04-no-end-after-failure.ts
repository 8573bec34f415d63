import { contract, type Tell } from '../contract'
import { passes, type Passes } from '../facts/passes'

/** Who was refused has nothing to end. */
export const noEndAfterFailure = contract({
  id: 'MMN-04',
  binds: 'mm',
  says: 'after a non-blocking start pass was refused, its caller does not call range_end for it',
  cites: ['000:2973-2975', '004:65'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { passes },
  on: {
    '__mmu_notifier_invalidate_range_start.return': (
      _state,
      { pass, result },
      { passes },
      tell,
    ) => {
      const known = passes.byId.get(pass)
      if (result === 0 || known?.phase !== 'failed') return
      tell.exercise(
        known.starts.size === 1 ? 'the first notifier refused' : 'a later notifier refused',
      )
    },
    mmu_notifier_invalidate_range_end: judgeEnd,
    mmu_notifier_invalidate_range_only_end: judgeEnd,
  },
})

function judgeEnd(
  _state: undefined,
  { pass, task }: { pass: string; task: number },
  { passes }: { passes: Passes },
  tell: Tell,
): void {
  const known = passes.byId.get(pass)
  if (known?.phase === 'failed')
    tell.object(`task ${task} ends ${pass} over [${known.start}, ${known.end}), which was refused`)
}
