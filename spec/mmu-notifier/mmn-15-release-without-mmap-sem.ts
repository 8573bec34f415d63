import { contract } from '../contract'
import { heldBy, locks } from '../facts/locks'

/** Whoever holds mmap_sem for writing has not shut the end of the address space out. */
export const releaseWithoutMmapSem = contract({
  id: 'MMN-15',
  kind: 'adversary',
  binds: 'mm',
  says: "an address space's end calls ->release while another task holds mmap_sem for writing",
  cites: ['000:2806-2808', '000:7206'],
  minimum: { exercised: 5, witnesses: 1 },
  uses: { locks },
  /** Tasks that tear an address space down. */
  start: () => new Set<number>(),
  on: {
    exit_mmap: (exiting, { task }) => void exiting.add(task),
    'exit_mmap.return': (exiting, { task }) => void exiting.delete(task),
    'mmu_notifier_ops.release': (exiting, { task }, { locks }, tell) => {
      if (!exiting.has(task)) return
      for (const other of locks.byTask.keys())
        if (other !== task && heldBy(locks, other).some(isWriter))
          tell.exercise('released beside a writer')
    },
  },
})

function isWriter({ name, mode }: { name: string; mode: string }): boolean {
  return name === 'mmap_sem' && mode === 'exclusive'
}
