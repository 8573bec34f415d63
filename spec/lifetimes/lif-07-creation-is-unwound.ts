import { contract } from '../contract'

/** A task that registers a mirror, for which an hmm may be made. */
interface Creation {
  readonly mm: string
  insideCore: boolean
  /** The notifier whose registration failed, or empty. */
  failed: string
  freed: boolean
  /** References to the mm_struct taken and not dropped, the core's apart. */
  grabs: number
}

/** What a failed creation had taken is given back. */
export const creationIsUnwound = contract({
  id: 'LIF-07',
  binds: 'hmm',
  says: 'when __mmu_notifier_register fails the new hmm is freed, no reference to the mm_struct stays, and the mirror is not registered',
  cites: ['000:596-602', '000:389', '000:521'],
  minimum: { exercised: 50, witnesses: 1 },
  start: () => new Map<number, Creation>(),
  on: {
    hmm_mirror_register: (creating, { task, mm }) =>
      void creating.set(task, { mm, insideCore: false, failed: '', freed: false, grabs: 0 }),
    __mmu_notifier_register: (creating, { task }) => {
      const creation = creating.get(task)
      if (creation) creation.insideCore = true
    },
    '__mmu_notifier_register.return': (creating, { task, mn, result }) => {
      const creation = creating.get(task)
      if (!creation) return
      creation.insideCore = false
      if (result !== 0) creation.failed = mn
    },
    mmgrab: (creating, { task, mm }) => {
      const creation = creating.get(task)
      if (creation?.mm === mm && !creation.insideCore) creation.grabs++
    },
    mmdrop: (creating, { task, mm }) => {
      const creation = creating.get(task)
      if (creation?.mm === mm && !creation.insideCore) creation.grabs--
    },
    kfree: (creating, { task, embeds }) => {
      const creation = creating.get(task)
      if (creation && embeds.split(' ').includes(creation.failed)) creation.freed = true
    },
    'hmm_mirror_register.return': (creating, { task, mirror, result }, _known, tell) => {
      const creation = creating.get(task)
      creating.delete(task)
      if (!creation || creation.failed === '') return
      const { mm, failed, freed, grabs } = creation
      if (result === 0)
        tell.object(`${mirror} is registered although the registration of ${failed} failed`)
      else if (!freed) tell.object(`the hmm of ${failed}, whose registration failed, is not freed`)
      else if (grabs !== 0)
        tell.object(`a failed registration leaves ${grabs} references to ${mm} behind`)
      else tell.exercise('unwound')
    },
  },
})
