import { contract } from '../contract'
import { listedWith, mirrors } from '../facts/mirrors'

interface Releases {
  /** The mm that each task is tearing down. */
  readonly exiting: Map<number, string>
  /** Notifiers each task is unregistering. */
  readonly unregistering: Map<number, string>
  /** Notifiers still owed a release by the end of an mm. */
  readonly owed: Map<string, Set<string>>
  /** Notifiers released, by whom. */
  readonly released: Set<string>
  /** Notifiers of which a registration has begun at some time. */
  readonly registered: Set<string>
}

/** An address space's end releases every listed notifier once; otherwise only unregister does. */
export const releaseOnce = contract({
  id: 'MMN-14',
  binds: 'notifier-core',
  says: 'the end of an mm calls ->release once for each notifier still listed that has one, after the last user is gone; apart from it only mmu_notifier_unregister does',
  cites: ['000:1140', '000:744-746', '000:6958'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { mirrors },
  start: (): Releases => ({
    exiting: new Map(),
    unregistering: new Map(),
    owed: new Map(),
    released: new Set(),
    registered: new Set(),
  }),
  on: {
    exit_mmap: ({ exiting, owed }, { task, mm }, { mirrors }) => {
      exiting.set(task, mm)
      owed.set(mm, new Set(listedWith(mirrors, mm, 'release')))
    },
    __mmu_notifier_register: ({ released, registered }, { mn }) => {
      registered.add(mn)
      for (const by of ['exit', 'unregister']) released.delete(`${mn} ${by}`)
    },
    mmu_notifier_unregister: ({ unregistering, owed }, { task, mn, mm }) => {
      unregistering.set(task, mn)
      owed.get(mm)?.delete(mn)
    },
    mmu_notifier_unregister_no_release: ({ owed }, { mn, mm }) => void owed.get(mm)?.delete(mn),
    'mmu_notifier_unregister.return': ({ unregistering }, { task }) =>
      void unregistering.delete(task),
    'mmu_notifier_ops.release': (
      { exiting, unregistering, owed, released, registered },
      { task, mn, mm },
      _known,
      tell,
    ) => {
      const by =
        exiting.get(task) === mm ? 'exit' : unregistering.get(task) === mn ? 'unregister' : null
      if (by === null)
        return tell.object(`${mn} is released while ${mm} has users and nobody unregisters it`)
      if (!registered.has(mn)) return tell.object(`${mn} is released and was never registered`)
      if (released.has(`${mn} ${by}`))
        return tell.object(`${mn} is released twice by ${by} of ${mm}`)
      released.add(`${mn} ${by}`)
      owed.get(mm)?.delete(mn)
      tell.exercise(`release by ${by}`)
    },
    'exit_mmap.return': ({ exiting, owed }, { task, mm }, _known, tell) => {
      exiting.delete(task)
      for (const mn of owed.get(mm) ?? [])
        tell.object(`${mm} is torn down and ${mn}, which was listed, was never released`)
    },
  },
})
