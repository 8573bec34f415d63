import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'

interface Successors {
  /** Notifiers of HMM whose last reference was dropped. */
  readonly dying: Set<string>
  /** By mm: the hmm that was made last, by its notifier, and whether an older one was freed since. */
  readonly latest: Map<string, { readonly mn: string; olderFreed: boolean }>
  /** What each task that registers a mirror may find, and whether it made one instead. */
  readonly registering: Map<number, { readonly expected: string; made: string }>
}

/** An hmm that dies leaves its successor where it stands. */
export const clearsOnlyItsOwn = contract({
  id: 'LIF-08',
  binds: 'hmm',
  says: 'while an hmm lives, a mirror that is registered after an older hmm of that mm was freed finds it, and makes no other',
  cites: ['000:622-623', '000:7557-7558'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { mirrors },
  start: (): Successors => ({ dying: new Set(), latest: new Map(), registering: new Map() }),
  on: {
    mmu_notifier_unregister_no_release: ({ dying, registering }, { mn }) => {
      dying.add(mn)
      for (const [task, { expected, made }] of registering)
        if (expected === mn) registering.set(task, { expected: '', made })
    },
    kfree: ({ latest }, { embeds }, { mirrors }) => {
      for (const mn of embeds.split(' ')) {
        const notifier = mirrors.notifiers.get(mn)
        const successor = notifier?.hmm ? latest.get(notifier.mm) : undefined
        if (successor && successor.mn !== mn) successor.olderFreed = true
      }
    },
    hmm_mirror_register: ({ dying, latest, registering }, { task, mm }) => {
      const known = latest.get(mm)
      const expected = known?.olderFreed && !dying.has(known.mn) ? known.mn : ''
      registering.set(task, { expected, made: '' })
    },
    '__mmu_notifier_register.return': ({ registering }, { task, mn, result }) => {
      const call = registering.get(task)
      if (call && result === 0) call.made = mn
    },
    'hmm_mirror_register.return': ({ latest, registering }, { task, mm, result }, _known, tell) => {
      const call = registering.get(task)
      registering.delete(task)
      if (!call || result !== 0) return
      if (call.expected !== '') {
        if (call.made === '') tell.exercise('found the one that lives')
        else
          tell.object(`${call.made} is made for ${mm} although the hmm of ${call.expected} lives`)
      }
      if (call.made !== '') latest.set(mm, { mn: call.made, olderFreed: false })
    },
  },
})
