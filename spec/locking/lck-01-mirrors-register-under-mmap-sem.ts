import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** Two who begin to mirror at once would make two of what there is one of. */
export const mirrorsRegisterUnderMmapSem = contract({
  id: 'LCK-01',
  binds: 'driver',
  says: 'hmm_mirror_register is called with mmap_sem held for writing',
  cites: ['000:558', '000:938', '000:511-513'],
  minimum: { exercised: 200, witnesses: 1 },
  uses: { locks },
  on: {
    hmm_mirror_register: (_state, { task, mirror }, { locks }, tell) => {
      const sem = heldBy(locks, task).find(({ name }) => name === 'mmap_sem')
      if (sem?.mode === 'exclusive') tell.exercise('for writing')
      else
        tell.object(
          `${mirror} is registered with mmap_sem ${sem ? 'held for reading' : 'not held'}`,
        )
    },
  },
})
