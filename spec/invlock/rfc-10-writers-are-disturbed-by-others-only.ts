import { contract } from '../contract'
import { invlocks } from '../facts/invlocks'
import { heldBy, locks } from '../facts/locks'

/** Whoever holds mmap_sem for writing has shut out everybody who needs it: that is why the section ends at last. */
export const writersAreDisturbedByOthersOnly = contract({
  id: 'RFC-10',
  binds: 'notifier-core',
  says: 'a section that has mmap_sem for writing is repeated only because of an interesting invalidation in it, its own or one that needs no mmap_sem',
  cites: ['000:6837-6838', '000:7005-7011', '000:7204-7208'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { invlocks, locks },
  /** By task in a section that has mmap_sem for writing: the invalidations that may make it repeat the section. */
  start: () => new Map<number, string[]>(),
  on: {
    'mm_invlock_start_write_and_lock.return': (reasons, { task }, { invlocks }) => {
      reasons.delete(task)
      if (invlocks.sections.get(task)?.mode === 'exclusive') reasons.set(task, [])
    },
    mmu_invlock_inv_start: (reasons, { task, invlock, interesting }, known) => {
      if (!interesting) return
      const needsNone = heldBy(known.locks, task).every(({ name }) => name !== 'mmap_sem')
      for (const [reader, own] of reasons)
        if (known.invlocks.sections.get(reader)?.invlock === invlock)
          if (reader === task) own.push('its own')
          else if (needsNone) own.push('one without mmap_sem')
    },
    'mn_invlock_end_write_and_unlock.return': (reasons, { task, invlock, result }, _, tell) => {
      const own = reasons.get(task)
      if (!own) return
      reasons.delete(task)
      if (!result) tell.exercise('not repeated')
      else if (own.length > 0) tell.exercise(`repeated for ${own[0]}`)
      else
        tell.object(
          `the section of ${invlock} has mmap_sem for writing and is repeated for an invalidation before it`,
        )
    },
  },
})
