/** Locks against invalidations: what is open, what has collided, and who reads. */
import { fact } from '../contract'
import { heldBy, locks, type Held } from './locks'

export interface Section {
  readonly invlock: string
  readonly mm: string
  /** What its state had left of its time when start was called. */
  readonly timeout: number
  /** What the state had left when its section before was to be repeated; null of the first. */
  readonly timeoutBefore: number | null
  /** Whether a wait in start has used up the time there was. */
  waitedInVain: boolean
  /** How mmap_sem is held since start has returned; null before, and where it is not held. */
  mode: Held['mode'] | null
  /** Whether start has returned. */
  entered: boolean
  /** What the state had left at the end, if the section is to be repeated. */
  left: number | null
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
  uses: { locks },
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
    operation: ({ sections }, { task }) => void sections.delete(task),
    mm_invlock_start_write_and_lock: ({ sections }, { task, invlock, mm, timeout }) => {
      const before = sections.get(task)
      const timeoutBefore = before?.invlock === invlock ? before.left : null
      sections.set(task, {
        ...{ invlock, mm, timeout, timeoutBefore, waitedInVain: false },
        ...{ mode: null, entered: false, left: null },
        collided: { sinceCall: 0, sinceReturn: 0 },
      })
    },
    'schedule_timeout.return': ({ sections }, { task, result }) => {
      const section = sections.get(task)
      if (section && !section.entered && result === 0) section.waitedInVain = true
    },
    'mm_invlock_start_write_and_lock.return': ({ sections }, { task }, { locks }) => {
      const section = sections.get(task)!
      const held = heldBy(locks, task).find(({ name }) => name === 'mmap_sem')
      section.mode = held?.mode ?? null
      section.entered = true
      section.collided.sinceReturn = 0
    },
    'mn_invlock_end_write_and_unlock.return': ({ sections }, { task, timeout, result }) => {
      const section = sections.get(task)
      if (section) section.left = result ? timeout : null
    },
  },
})

/** What is known of an invlock. */
export function invlockOf({ byId }: Invlocks, id: string): Invlock {
  let known = byId.get(id)
  if (!known) byId.set(id, (known = { active: 0, interesting: false }))
  return known
}
