import { contract } from '../contract'
import { srcu } from '../facts/srcu'

interface Domain {
  /** The mm whose notifiers each task walks. */
  readonly walking: Map<number, string>
  /** The mm behind each open section. */
  readonly sections: Map<string, string>
  /** The mm whose notifier each task removes. */
  readonly removing: Map<number, string>
  /** Sections of other mms that were open when each task began to wait. */
  readonly foreign: Map<number, readonly string[]>
}

/** Removing a notifier of one address space may wait for a walk of another one. */
export const oneDomainForAll = contract({
  id: 'MMN-12',
  kind: 'permission',
  level: 'MAY',
  binds: 'notifier-core',
  says: 'all address spaces may share one SRCU domain, so that a grace period waits for the walks of every one',
  cites: ['002:481-482'],
  minimum: { exercised: 5, witnesses: 1 },
  uses: { srcu },
  start: (): Domain => ({
    walking: new Map(),
    sections: new Map(),
    removing: new Map(),
    foreign: new Map(),
  }),
  on: {
    __mmu_notifier_invalidate_range_start: ({ walking }, { task, mm }) =>
      void walking.set(task, mm),
    __mmu_notifier_invalidate_range_end: ({ walking }, { task, mm }) => void walking.set(task, mm),
    'srcu_read_lock.return': ({ walking, sections }, { task, srcu, result }) => {
      const mm = walking.get(task)
      if (mm !== undefined) sections.set(`${srcu} ${result}`, mm)
    },
    srcu_read_unlock: ({ walking, sections }, { task, srcu, idx }) => {
      sections.delete(`${srcu} ${idx}`)
      walking.delete(task)
    },
    mmu_notifier_unregister: ({ removing }, { task, mm }) => void removing.set(task, mm),
    'mmu_notifier_unregister.return': ({ removing }, { task }) => void removing.delete(task),
    synchronize_srcu: ({ sections, removing, foreign }, { task }) => {
      const mm = removing.get(task)
      if (mm === undefined) return
      const others = [...sections].filter(([, of]) => of !== mm)
      foreign.set(
        task,
        others.map(([section]) => section),
      )
    },
    'synchronize_srcu.return': ({ foreign }, { task }, { srcu }, tell) => {
      const others = foreign.get(task) ?? []
      foreign.delete(task)
      if (others.length > 0 && others.every((section) => !srcu.has(section)))
        tell.exercise('waited for a walk of another mm')
    },
  },
})
