import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** A mirror may be unregistered by whoever holds no lock of the address space. */
export const unregisteredWithoutMmapSem = contract({
  id: 'HMM-43',
  kind: 'permission',
  binds: 'hmm',
  says: 'hmm_mirror_unregister needs no mmap_sem: it may be called without it, and while another task holds it',
  cites: ['000:4741', '000:2436-2445'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { locks },
  on: {
    hmm_mirror_unregister: (_state, { task }, { locks }, tell) => {
      const holds = (other: number): boolean =>
        heldBy(locks, other).some(({ name }) => name === 'mmap_sem')
      if (holds(task)) return
      const another = [...locks.byTask.keys()].some((other) => other !== task && holds(other))
      tell.exercise(another ? 'while another holds it' : 'while nobody holds it')
    },
  },
})
