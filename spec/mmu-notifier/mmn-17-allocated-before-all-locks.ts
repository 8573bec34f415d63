import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** What reclaim would take to make room is not held while room is asked for. */
export const allocatedBeforeAllLocks = contract({
  id: 'MMN-17',
  binds: 'notifier-core',
  says: 'a registration allocates nothing while it holds the locks that reclaim takes to find the mappings of a page',
  cites: ['002:4201-4203', '002:4239-4242'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { locks },
  /** Whether each task that is registering has allocated. */
  start: () => new Map<number, boolean>(),
  on: {
    __mmu_notifier_register: (registering, { task }) => void registering.set(task, false),
    kmalloc: (registering, { task, object }, { locks }, tell) => {
      if (!registering.has(task)) return
      registering.set(task, true)
      const held = heldBy(locks, task).find(({ name }) => reverseMapLocks.includes(name))
      if (held) tell.object(`${object} is allocated in a registration with ${held.name} held`)
    },
    '__mmu_notifier_register.return': (registering, { task }, _known, tell) => {
      tell.exercise(registering.get(task) ? 'the first of its mm' : 'a further one')
      registering.delete(task)
    },
  },
})

/** Locks of the reverse maps, which mm_take_all_locks takes (002:4219-4223). */
const reverseMapLocks: readonly string[] = ['anon_vma', 'i_mmap_rwsem']
