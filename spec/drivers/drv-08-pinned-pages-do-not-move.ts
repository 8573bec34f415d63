import { contract } from '../contract'
import { isPinned, pins } from '../facts/pins'

/** Whoever writes to a page without an address would write to the frame that it had. */
export const pinnedPagesDoNotMove = contract({
  id: 'DRV-08',
  binds: 'mm',
  says: 'a page that somebody holds a reference to from get_user_pages is not migrated',
  cites: ['002:3910-3912', '002:3823-3831'],
  minimum: { exercised: 30, witnesses: 1 },
  uses: { pins },
  /** By task, the page that it migrates, and whether it has been pinned all the time. */
  start: (): Map<number, { pfn: number; pinned: boolean }> => new Map(),
  on: {
    migrate_page: (moving, { task, pfn }, { pins }) =>
      void moving.set(task, { pfn, pinned: isPinned(pins, pfn) }),
    put_user_page: (moving, { pfn }, { pins }) => {
      for (const move of moving.values())
        if (move.pfn === pfn && !isPinned(pins, pfn)) move.pinned = false
    },
    'migrate_page.return': (moving, { task, result }, _known, tell) => {
      const { pfn, pinned } = moving.get(task)!
      moving.delete(task)
      if (!pinned) return
      if (result === 0) tell.object(`pfn ${pfn} is migrated while somebody holds it`)
      else tell.exercise('refused')
    },
  },
})
