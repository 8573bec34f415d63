import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { mirrors } from '../facts/mirrors'

interface Links {
  /** Address spaces whose mirrors have been released. */
  readonly released: Set<string>
  readonly unregistering: Map<number, { readonly mirror: string; corrupt: boolean }>
}

/** The end of an address space does not take a mirror from its driver. */
export const onlyUnregisterUnlinks = contract({
  id: 'LIF-21',
  binds: 'hmm',
  says: 'a release leaves mirrors on their list, from which hmm_mirror_unregister takes each once',
  cites: ['000:1209-1210'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { callbacks, mirrors },
  start: (): Links => ({ released: new Set(), unregistering: new Map() }),
  on: {
    'hmm_mirror_ops.release': ({ released }, { task }, { callbacks, mirrors }) => {
      const caller = callbacksOf(callbacks, task).findLast(({ op }) => op === 'release')
      const mm = mirrors.notifiers.get(caller?.on ?? '')?.mm
      if (mm !== undefined) released.add(mm)
    },
    hmm_mirror_unregister: ({ unregistering }, { task, mirror }) =>
      void unregistering.set(task, { mirror, corrupt: false }),
    __warn: ({ unregistering }, { task, site }) => {
      const call = unregistering.get(task)
      if (call && site.startsWith('list_del')) call.corrupt = true
    },
    'hmm_mirror_unregister.return': (
      { released, unregistering },
      { task, mirror },
      { mirrors },
      tell,
    ) => {
      const call = unregistering.get(task)
      unregistering.delete(task)
      if (call?.corrupt) tell.object(`${mirror} is on no list any more when it is unregistered`)
      else
        tell.exercise(
          released.has(mirrors.mirrors.get(mirror)?.mm ?? '') ? 'after the release' : 'before it',
        )
    },
  },
})
