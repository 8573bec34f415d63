import { contract, type Tell } from '../contract'
import { callbacks } from '../facts/callbacks'
import { passes } from '../facts/passes'

interface Gone {
  /** Mirrors whose unregistration has returned. */
  readonly mirrors: Set<string>
  /** Address spaces that are being torn down. */
  readonly exiting: Set<string>
}

/** When unregister returns, the driver may free its mirror: nothing runs on it, and nothing will. */
export const mirrorIsFreeAfterUnregister = contract({
  id: 'LIF-20',
  binds: 'hmm',
  says: 'when hmm_mirror_unregister returned, no op of that mirror is running or will run',
  cites: ['000:1144-1153'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { callbacks, passes },
  start: (): Gone => ({ mirrors: new Set(), exiting: new Set() }),
  on: {
    exit_mmap: ({ exiting }, { mm }) => void exiting.add(mm),
    'exit_mmap.return': ({ exiting }, { mm }) => void exiting.delete(mm),
    'hmm_mirror_unregister.return': (
      { mirrors, exiting },
      { mirror },
      { callbacks, passes },
      tell,
    ) => {
      mirrors.add(mirror)
      const running = [...callbacks.byTask.values()]
        .flat()
        .find(({ on, op }) => on === mirror && op !== 'start')
      if (running) tell.object(`${mirror} is unregistered while its ${running.op} runs`)
      else
        tell.exercise(
          exiting.size > 0
            ? 'while the mm ends'
            : passes.live.size > 0
              ? 'during a pass'
              : 'in peace',
        )
    },
    sync_cpu_device_pagetables: (gone, { mirror }, _known, tell) =>
      judge('sync', gone, mirror, tell),
    'hmm_mirror_ops.release': (gone, { mirror }, _known, tell) =>
      judge('release', gone, mirror, tell),
  },
})

function judge(op: string, { mirrors }: Gone, mirror: string, tell: Tell): void {
  if (mirrors.has(mirror))
    tell.object(`${op} is called on ${mirror} after its unregistration returned`)
}
