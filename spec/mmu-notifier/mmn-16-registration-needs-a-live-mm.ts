import { contract } from '../contract'

interface Registrations {
  /** Address spaces whose last user is gone. */
  readonly gone: Set<string>
  /** Registrations under way: whose, and by which task. */
  readonly underWay: Map<number, { readonly mn: string; readonly mm: string }>
  /** Tasks inside hmm_mirror_register. */
  readonly mirroring: Set<number>
}

/** A notifier is added only while the address space is sure to call its release one day. */
export const registrationNeedsALiveMm = contract({
  id: 'MMN-16',
  binds: 'notifier-core',
  says: 'an mm has users from the beginning of a registration to its end',
  cites: ['000:6958'],
  minimum: { exercised: 100, witnesses: 2 },
  start: (): Registrations => ({ gone: new Set(), underWay: new Map(), mirroring: new Set() }),
  on: {
    hmm_mirror_register: ({ mirroring }, { task }) => void mirroring.add(task),
    'hmm_mirror_register.return': ({ mirroring }, { task }) => void mirroring.delete(task),
    __mmu_notifier_register: ({ gone, underWay }, { task, mn, mm }, _known, tell) => {
      underWay.set(task, { mn, mm })
      if (gone.has(mm)) tell.object(`${mn} is being registered with ${mm}, which has no users`)
    },
    oops: ({ underWay }, { task }) => void underWay.delete(task),
    exit_mmap: ({ gone, underWay }, { mm }, _known, tell) => {
      gone.add(mm)
      for (const registration of underWay.values())
        if (registration.mm === mm)
          tell.object(`the last user of ${mm} goes while ${registration.mn} is being registered`)
    },
    '__mmu_notifier_register.return': (
      { gone, underWay, mirroring },
      { task, mm },
      _known,
      tell,
    ) => {
      underWay.delete(task)
      if (!gone.has(mm))
        tell.exercise(mirroring.has(task) ? 'registered by HMM' : 'registered by a driver')
    },
  },
})
