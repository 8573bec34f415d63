import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { isOwedAnEnd, mirrors } from '../facts/mirrors'

/** What the notifiers that a pass has asked have counted of it and not ended, by notifier. */
type Open = Map<string, number>

/** A refused pass has no end: who counted it takes it back, or readers wait for ever. */
export const refusedPassesAreNotCounted = contract({
  id: 'RFC-17',
  binds: 'driver',
  says: 'when a pass has been refused no notifier that is still registered counts it, neither who refused nor who had agreed',
  cites: ['000:6920-6921', '004:65-68'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { callbacks, mirrors },
  /** By pass. */
  start: () => new Map<string, Open>(),
  on: {
    __mmu_notifier_invalidate_range_start: (passes, { pass }) => void passes.set(pass, new Map()),
    mmu_invlock_inv_start: (passes, { task }, { callbacks }) =>
      count(passes, callbacksOf(callbacks, task).at(-1), 1),
    mmu_invlock_inv_end: (passes, { task }, { callbacks }) =>
      count(passes, callbacksOf(callbacks, task).at(-1), -1),
    '__mmu_notifier_invalidate_range_start.return': (passes, event, { mirrors }, tell) => {
      if (event.result === 0 || event.blockable) return
      for (const [mn, open] of passes.get(event.pass)!)
        if (open === 0) tell.exercise('taken back')
        // The undo may miss who is being removed, whose driver has stopped its readers.
        else if (isOwedAnEnd(mirrors, mn))
          tell.object(`${event.pass} was refused, and ${mn} counts it all the same`)
    },
  },
})

function count(
  passes: ReadonlyMap<string, Open>,
  inside: { readonly pass: string; readonly on: string } | undefined,
  by: number,
): void {
  const open = inside && passes.get(inside.pass)
  open?.set(inside!.on, (open.get(inside!.on) ?? 0) + by)
}
