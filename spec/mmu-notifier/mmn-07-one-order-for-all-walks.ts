import { contract, type Tell } from '../contract'

interface Order {
  /** Whom each walk has called so far, by walk and pass. */
  readonly walks: Map<string, string[]>
  /** Of two notifiers, written in the order in which they were called: how often each was registered then. */
  readonly before: Map<string, string>
  /** How often each notifier was registered. */
  readonly registered: Map<string, number>
}

/** Who is called before whom depends on the two notifiers alone, not on who came first. */
export const oneOrderForAllWalks = contract({
  id: 'MMN-07',
  level: 'ALT',
  binds: 'notifier-core',
  says: 'starts, ends and undos call any two notifiers in the same order, also after one of them was removed and registered again',
  cites: ['004:92-94'],
  minimum: { exercised: 200, witnesses: 2 },
  start: (): Order => ({ walks: new Map(), before: new Map(), registered: new Map() }),
  on: {
    __mmu_notifier_register: ({ registered }, { mn }) =>
      void registered.set(mn, (registered.get(mn) ?? 0) + 1),
    __mmu_notifier_invalidate_range_start: ({ walks }, { pass }) => {
      walks.set(`start ${pass}`, [])
      walks.set(`end ${pass}`, [])
    },
    invalidate_range_start: (state, { pass, mn }, _known, tell) =>
      call(state, `start ${pass}`, mn, tell),
    invalidate_range_end: (state, { pass, mn }, _known, tell) =>
      call(state, `end ${pass}`, mn, tell),
  },
})

function call({ walks, before, registered }: Order, walk: string, mn: string, tell: Tell): void {
  const called = walks.get(walk) ?? []
  const times = (notifier: string): number => registered.get(notifier) ?? 0
  // One that is asked again after a trial is still the last.
  if (called.at(-1) === mn) return
  for (const earlier of called) {
    if (before.has(`${mn} ${earlier}`))
      tell.object(`${earlier} is called before ${mn}, which was called before it until now`)
    const now = `${times(earlier)} ${times(mn)}`
    const then = before.get(`${earlier} ${mn}`)
    if (then !== undefined)
      tell.exercise(then === now ? 'the same two again' : 'one of them was registered anew')
    before.set(`${earlier} ${mn}`, now)
  }
  walks.set(walk, [...called, mn])
}
