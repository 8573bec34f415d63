import { contract } from '../contract'

interface Refusals {
  /** By pass that is starting, who refused it. */
  readonly by: Map<string, string>
  /** Address spaces that have had a notifier of the list. */
  readonly listed: Set<string>
}

/** Who refuses ends the pass before anybody else can begin it: there is nobody to undo it for. */
export const refusedOnceForAll = contract({
  id: 'INT-10',
  binds: 'notifier-core',
  says: 'a pass that must not block and that an interval notifier refuses fails, and nobody else is told of it, neither an interval notifier nor one of the list',
  cites: ['004:59-68', '002:466-472'],
  minimum: { exercised: 10, witnesses: 2 },
  start: (): Refusals => ({ by: new Map(), listed: new Set() }),
  on: {
    __mmu_notifier_register: ({ listed }, { mm }) => void listed.add(mm),
    __mmu_notifier_invalidate_range_start: ({ by }, { pass }) => void by.delete(pass),
    'invalidate.return': ({ by }, { interval, pass, blockable, result }) => {
      if (!blockable && !result) by.set(pass, interval)
    },
    invalidate: ({ by }, { interval, pass }, _known, tell) => {
      if (by.has(pass)) tell.object(`${interval} is told of ${pass}, which ${by.get(pass)} refused`)
    },
    invalidate_range_start: ({ by }, { mn, pass }, _known, tell) => {
      if (by.has(pass)) tell.object(`${mn} is told of ${pass}, which ${by.get(pass)} refused`)
    },
    '__mmu_notifier_invalidate_range_start.return': (
      { by, listed },
      { pass, mm, result },
      _known,
      tell,
    ) => {
      const refuser = by.get(pass)
      if (refuser === undefined) return
      by.delete(pass)
      if (result === 0) tell.object(`${pass} begins although ${refuser} refused it`)
      else tell.exercise(listed.has(mm) ? 'beside the list' : 'alone')
    },
  },
})
