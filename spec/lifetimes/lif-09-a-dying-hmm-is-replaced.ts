import { EINVAL } from '../headers/types'
import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'

interface Replacing {
  /** By notifier of HMM: the mm of an hmm whose last reference was dropped and which is still memory. */
  readonly dying: Map<string, string>
  readonly registering: Map<number, { readonly dying: string; failed: boolean; made: boolean }>
}

/** Whoever comes while an hmm dies gets a new one, and does not wait. */
export const aDyingHmmIsReplaced = contract({
  id: 'LIF-09',
  binds: 'hmm',
  says: 'a mirror is registered while an hmm of that mm waits for its grace period, without waiting for it',
  cites: ['000:563-568', '000:7537-7540'],
  minimum: { exercised: 100, witnesses: 1 },
  uses: { mirrors },
  start: (): Replacing => ({ dying: new Map(), registering: new Map() }),
  on: {
    mmu_notifier_unregister_no_release: ({ dying }, { mn }, { mirrors }) => {
      const notifier = mirrors.notifiers.get(mn)
      if (notifier?.hmm) dying.set(mn, notifier.mm)
    },
    kfree: ({ dying }, { embeds }) => {
      for (const mn of embeds.split(' ')) dying.delete(mn)
    },
    hmm_mirror_register: ({ dying, registering }, { task, mm }) => {
      const found = [...dying].find(([, ofMm]) => ofMm === mm)
      registering.set(task, { dying: found?.[0] ?? '', failed: false, made: false })
    },
    '__mmu_notifier_register.return': ({ registering }, { task, result }) => {
      const call = registering.get(task)
      if (call && result === 0) call.made = true
      else if (call) call.failed = true
    },
    synchronize_srcu: ({ registering }, { task }, _known, tell) => {
      const call = registering.get(task)
      if (call && call.dying !== '')
        tell.object(`a registration waits for a grace period because the hmm of ${call.dying} dies`)
    },
    'hmm_mirror_register.return': ({ registering }, { task, mirror, result }, _known, tell) => {
      const call = registering.get(task)
      registering.delete(task)
      if (!call || call.dying === '' || call.failed || result === -EINVAL) return
      if (result !== 0)
        tell.object(`${mirror} is refused with ${result} because the hmm of ${call.dying} dies`)
      else tell.exercise(call.made ? 'made anew' : 'somebody else had made one')
    },
  },
})
