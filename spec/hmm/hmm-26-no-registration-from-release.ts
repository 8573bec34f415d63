import { contract } from '../contract'
import type { Known, Tell } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'

const uses = { callbacks }

/** A driver that is told of the end of an address space leaves the list of mirrors alone. */
export const noRegistrationFromRelease = contract({
  id: 'HMM-26',
  binds: 'driver',
  says: 'a release op neither registers nor unregisters a mirror',
  cites: ['000:1158-1159', '000:1189-1192', '000:6469-6470'],
  minimum: { exercised: 30, witnesses: 2 },
  uses,
  /** Tasks that are about to register or unregister a mirror. */
  start: (): Set<number> => new Set(),
  on: {
    hmm_mirror_register: (busy, { task, mirror }, known, tell) => {
      busy.add(task)
      objectInside('registers', mirror, task, known, tell)
    },
    hmm_mirror_unregister: (busy, { task, mirror }, known, tell) => {
      busy.add(task)
      objectInside('unregisters', mirror, task, known, tell)
    },
    'hmm_mirror_register.return': (busy, { task }) => void busy.delete(task),
    'hmm_mirror_unregister.return': (busy, { task }) => void busy.delete(task),
    oops: (busy, { task }) => void busy.delete(task),
    'hmm_mirror_ops.release.return': (busy, _event, _known, tell) => {
      tell.exercise(
        busy.size > 0 ? 'another task changes the list' : 'nobody else changes the list',
      )
    },
  },
})

function objectInside(
  does: string,
  mirror: string,
  task: number,
  { callbacks }: Known<typeof uses>,
  tell: Tell,
): void {
  const release = callbacksOf(callbacks, task).find(({ op }) => op === 'mirror release')
  if (release) tell.object(`the release of ${release.on} ${does} ${mirror}`)
}
