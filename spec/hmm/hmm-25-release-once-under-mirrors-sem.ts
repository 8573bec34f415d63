import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { heldBy, locks, type Held } from '../facts/locks'

interface Told {
  /** Mirrors that were told, since their registration. */
  readonly mirrors: Set<string>
  /** The lock under which each task has called a release that has not returned. */
  readonly under: Map<number, Held>
}

/** At the end of an address space each mirror is told once, with the list of mirrors held still. */
export const releaseOnceUnderMirrorsSem = contract({
  id: 'HMM-25',
  binds: 'hmm',
  says: "hmm calls a mirror's release at most once, from its own release, holding mirrors_sem for reading all the while",
  cites: ['000:1187-1201'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { callbacks, locks },
  start: (): Told => ({ mirrors: new Set(), under: new Map() }),
  on: {
    hmm_mirror_register: ({ mirrors }, { mirror }) => void mirrors.delete(mirror),
    'hmm_mirror_ops.release': (
      { mirrors, under },
      { task, mirror },
      { callbacks, locks },
      tell,
    ) => {
      if (mirrors.has(mirror))
        tell.object(`${mirror} is told a second time that its address space ends`)
      mirrors.add(mirror)
      if (!callbacksOf(callbacks, task).some(({ op }) => op === 'release'))
        tell.object(`release of ${mirror} is called outside the release of hmm`)
      const held = heldBy(locks, task).find(isMirrorsSem)
      if (held) under.set(task, held)
      else tell.object(`release of ${mirror} is called without mirrors_sem held for reading`)
    },
    'hmm_mirror_ops.release.return': ({ mirrors, under }, { task, mirror }, { locks }, tell) => {
      const held = under.get(task)
      under.delete(task)
      if (!held) return
      if (heldBy(locks, task).includes(held))
        tell.exercise(mirrors.size === 1 ? 'the first mirror' : 'a further mirror')
      else tell.object(`mirrors_sem was let go inside the release of ${mirror}`)
    },
  },
})

function isMirrorsSem({ name, mode }: Held): boolean {
  return name === 'mirrors_sem' && mode === 'shared'
}
