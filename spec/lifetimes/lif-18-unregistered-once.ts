import { contract } from '../contract'

/** Nobody protects a mirror from being unregistered twice but its driver. */
export const unregisteredOnce = contract({
  id: 'LIF-18',
  binds: 'driver',
  says: 'hmm_mirror_unregister is called once for each registration, by a driver that serialises its own calls',
  cites: ['000:966-970', '000:999'],
  minimum: { exercised: 200, witnesses: 2 },
  /** By mirror, whether its registration has been taken back; and the mms that are being torn down. */
  start: () => ({ mirrors: new Map<string, boolean>(), exiting: new Set<string>() }),
  on: {
    exit_mmap: ({ exiting }, { mm }) => void exiting.add(mm),
    'exit_mmap.return': ({ exiting }, { mm }) => void exiting.delete(mm),
    'hmm_mirror_register.return': ({ mirrors }, { mirror, result }) => {
      if (result === 0) mirrors.set(mirror, false)
    },
    hmm_mirror_unregister: ({ mirrors, exiting }, { mirror }, _known, tell) => {
      const before = mirrors.get(mirror)
      mirrors.set(mirror, true)
      if (before === undefined) tell.object(`${mirror} is unregistered and was never registered`)
      else if (before) tell.object(`${mirror} is unregistered twice`)
      else tell.exercise(exiting.size > 0 ? 'while the mm ends' : 'in peace')
    },
  },
})
