import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'
import { ENOMEM } from '../headers/types'

interface Creation {
  readonly mm: string
  /** A notifier was registered on behalf of the mirror, and how that went. */
  registered: number | null
  /** The mm had an hmm before, which is being freed. */
  readonly replaces: boolean
}

/** An address space has one hmm that lives, and whoever wants to mirror it gets that one. */
export const oneHmmForAnMm = contract({
  id: 'HMM-36',
  binds: 'hmm',
  says: 'hmm_mirror_register uses the one hmm of the mm that has mirrors, makes one if there is none, and fails with -ENOMEM only if that failed',
  cites: ['000:511-516'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { mirrors },
  /** Registrations of mirrors under way, by task. */
  start: () => new Map<number, Creation>(),
  on: {
    hmm_mirror_register: (creations, { task, mm }, { mirrors }) =>
      void creations.set(task, { mm, registered: null, replaces: mirrors.hmmNotifier.has(mm) }),
    __mmu_notifier_register: (creations, { task, mn }, { mirrors }, tell) => {
      const creation = creations.get(task)
      if (!creation) return
      const living = [...mirrors.mirrors.values()].find(
        ({ mm, registered }) => mm === creation.mm && registered,
      )
      if (living)
        tell.object(
          `${creation.mm} gets a second hmm with ${mn}, and ${living.mirror} has the first`,
        )
    },
    '__mmu_notifier_register.return': (creations, { task, result }) => {
      const creation = creations.get(task)
      if (creation) creation.registered = result
    },
    'hmm_mirror_register.return': (creations, { task, mirror, result }, _known, tell) => {
      const creation = creations.get(task)
      creations.delete(task)
      if (!creation) return
      if (result === -ENOMEM && (creation.registered ?? 0) === 0)
        tell.object(`${mirror} is refused although nothing failed`)
      if (result !== 0) return
      if (creation.registered === null) tell.exercise('joined the hmm of the mm')
      else tell.exercise(creation.replaces ? 'replaced one that is dying' : 'made the first one')
    },
  },
})
