import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'

/** A task that registers a mirror, for which an hmm may be made. */
interface Creation {
  readonly mm: string
  /** The core takes references of its own. */
  insideCore: boolean
  made: string
  grabbed: boolean
}

interface Holding {
  readonly creating: Map<number, Creation>
  /** Tasks that drop the last reference of an hmm: its notifier, and whether the core is at work. */
  readonly dropping: Map<number, { mn: string; insideCore: boolean }>
  /** Tasks in a callback of SRCU, and the mms that it has dropped so far. */
  readonly freeing: Map<number, Set<string>>
}

/** The reference that an hmm has of its mm_struct is as old as the hmm, and ends with its memory. */
export const hmmHoldsTheMmStruct = contract({
  id: 'LIF-06',
  binds: 'hmm',
  says: 'mmgrab is called when an hmm is made, and its mmdrop by the SRCU callback that frees the hmm, just before',
  cites: ['000:378-380', '000:7556-7563'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { mirrors },
  start: (): Holding => ({ creating: new Map(), dropping: new Map(), freeing: new Map() }),
  on: {
    hmm_mirror_register: ({ creating }, { task, mm }) =>
      void creating.set(task, { mm, insideCore: false, made: '', grabbed: false }),
    __mmu_notifier_register: ({ creating }, { task }) => {
      const creation = creating.get(task)
      if (creation) creation.insideCore = true
    },
    '__mmu_notifier_register.return': ({ creating }, { task, mn, result }) => {
      const creation = creating.get(task)
      if (!creation) return
      creation.insideCore = false
      if (result === 0) creation.made = mn
    },
    mmgrab: ({ creating }, { task, mm }) => {
      const creation = creating.get(task)
      if (creation && !creation.insideCore && creation.mm === mm) creation.grabbed = true
    },
    'hmm_mirror_register.return': ({ creating }, { task, mm, result }, _known, tell) => {
      const creation = creating.get(task)
      creating.delete(task)
      if (result !== 0 || !creation || creation.made === '') return
      if (creation.grabbed) tell.exercise('made with a reference')
      else tell.object(`the hmm of ${creation.made} is made without a reference to ${mm}`)
    },
    mmu_notifier_unregister_no_release: ({ dropping }, { task, mn }, { mirrors }) => {
      if (mirrors.notifiers.get(mn)?.hmm) dropping.set(task, { mn, insideCore: true })
    },
    'mmu_notifier_unregister_no_release.return': ({ dropping }, { task }) => {
      const drop = dropping.get(task)
      if (drop) drop.insideCore = false
    },
    'kref_put.return': ({ dropping }, { task }) => void dropping.delete(task),
    srcu_invoke_callback: ({ freeing }, { task }) => void freeing.set(task, new Set()),
    'srcu_invoke_callback.return': ({ freeing }, { task }) => void freeing.delete(task),
    mmdrop: ({ dropping, freeing }, { task, mm }, { mirrors }, tell) => {
      freeing.get(task)?.add(mm)
      const drop = dropping.get(task)
      if (drop && !drop.insideCore && mirrors.notifiers.get(drop.mn)?.mm === mm)
        tell.object(`the hmm of ${drop.mn} drops ${mm} before its grace period is over`)
    },
    kfree: ({ freeing }, { task, object, embeds }, { mirrors }, tell) => {
      const dropped = freeing.get(task)
      if (!dropped) return
      for (const mn of embeds.split(' ')) {
        const notifier = mirrors.notifiers.get(mn)
        if (!notifier?.hmm) continue
        if (dropped.has(notifier.mm)) tell.exercise('dropped with its memory')
        else tell.object(`${object} is freed and has not dropped ${notifier.mm}`)
      }
    },
  },
})
