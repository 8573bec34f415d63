/** Locks against invalidations: what is open, what has collided, and who reads. */
import { fact } from '../contract'

export interface Section {
  readonly invlock: string
  readonly mm: string
  /** Whether start has returned. */
  entered: boolean
  /** Interesting invalidations that began since start was called, and since it returned. */
  readonly collided: { sinceCall: number; sinceReturn: number }
}

export interface Invlock {
  /** Invalidations that are open. */
  active: number
  /** Whether an interesting one is, or was since one was open at all times. */
  interesting: boolean
}

export interface Invlocks {
  readonly byId: Map<string, Invlock>
  /** Read sections, by task. */
  readonly sections: Map<number, Section>
}

export const invlocks = fact({
  name: 'invlocks',
  start: (): Invlocks => ({ byId: new Map(), sections: new Map() }),
  on: {
    mmu_invlock_inv_start: (state, { invlock, interesting }) => {
      const known = invlockOf(state, invlock)
      known.active++
      if (!interesting) return
      known.interesting = true
      for (const section of state.sections.values())
        if (section.invlock === invlock) {
          section.collided.sinceCall++
          section.collided.sinceReturn++
        }
    },
    mmu_invlock_inv_end: (state, { invlock }) => {
      const known = invlockOf(state, invlock)
      known.active--
      if (known.active === 0) known.interesting = false
    },
    mm_invlock_start_write_and_lock: ({ sections }, { task, invlock, mm }) =>
      void sections.set(task, {
        ...{ invlock, mm, entered: false },
        collided: { sinceCall: 0, sinceReturn: 0 },
      }),
    'mm_invlock_start_write_and_lock.return': ({ sections }, { task }) => {
      const section = sections.get(task)!
      section.entered = true
      section.collided.sinceReturn = 0
    },
  },
})

/** What is known of an invlock. */
export function invlockOf({ byId }: Invlocks, id: string): Invlock {
  let known = byId.get(id)
  if (!known) byId.set(id, (known = { active: 0, interesting: false }))
  return known
}
