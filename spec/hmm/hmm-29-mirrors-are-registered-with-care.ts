import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'
import { EINVAL } from '../headers/types'

interface Registering {
  /** Registrations under way that lack an argument, by task. */
  readonly lacking: Map<number, string>
}

/** A registration is asked for under the lock that keeps two of them apart; a bad one is refused. */
export const mirrorsAreRegisteredWithCare = contract({
  id: 'HMM-29',
  binds: 'hmm',
  says: 'hmm_mirror_register is called with mmap_sem held for writing, and answers -EINVAL where the mm, the mirror or its ops are missing',
  cites: ['000:938-942'],
  minimum: { exercised: 100, witnesses: 4 },
  uses: { locks },
  start: (): Registering => ({ lacking: new Map() }),
  on: {
    hmm_mirror_register: ({ lacking }, { task, mirror, mm, ops }, { locks }, tell) => {
      const missing = mirror === 'NULL' ? 'mirror' : mm === 'NULL' ? 'mm' : ops ? '' : 'ops'
      if (missing) return void lacking.set(task, missing)
      const held = heldBy(locks, task).some(
        ({ name, mode }) => name === 'mmap_sem' && mode === 'exclusive',
      )
      if (!held) tell.object(`${mirror} is registered without mmap_sem held for writing`)
    },
    'hmm_mirror_register.return': ({ lacking }, { task, result }, _known, tell) => {
      const missing = lacking.get(task)
      lacking.delete(task)
      if (missing === undefined) tell.exercise(result === 0 ? 'registered' : 'refused')
      else if (result === -EINVAL) tell.exercise(`no ${missing}`)
      else tell.object(`a registration without ${missing} gives ${result}`)
    },
    oops: ({ lacking }, { task, message }, _known, tell) => {
      const missing = lacking.get(task)
      if (missing !== undefined) tell.object(`a registration without ${missing} dies: ${message}`)
    },
  },
})
