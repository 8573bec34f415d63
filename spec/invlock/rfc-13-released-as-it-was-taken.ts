import { contract, type Tell } from '../contract'

import { invlocks, type Invlocks } from '../facts/invlocks'

/** Tasks that are inside of an end, and whether they have released mmap_sem in it. */
type Ends = Map<number, { released: boolean }>

/** The state remembers which of both it was. */
export const releasedAsItWasTaken = contract({
  id: 'RFC-13',
  binds: 'notifier-core',
  says: 'the end of a section releases mmap_sem in the mode in which its start has taken it',
  cites: ['000:7001', '000:7010-7011', '000:7030-7034'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { invlocks },
  start: (): Ends => new Map(),
  on: {
    mn_invlock_end_write_and_unlock: (ends, { task }) => void ends.set(task, { released: false }),
    up_read: (ends, event, { invlocks }, tell) => judge(ends, event, 'shared', invlocks, tell),
    up_write: (ends, event, { invlocks }, tell) => judge(ends, event, 'exclusive', invlocks, tell),
    'mn_invlock_end_write_and_unlock.return': (ends, { task, invlock }, _known, tell) => {
      if (!ends.get(task)!.released)
        tell.object(`the section of ${invlock} ends with mmap_sem held`)
      ends.delete(task)
    },
  },
})

function judge(
  ends: Ends,
  { task, name }: { task: number; name: string },
  mode: 'shared' | 'exclusive',
  { sections }: Invlocks,
  tell: Tell,
): void {
  const end = ends.get(task)
  const taken = sections.get(task)?.mode
  if (!end || !taken || name !== 'mmap_sem') return
  end.released = true
  if (mode === taken) tell.exercise(mode)
  else tell.object(`mmap_sem is held ${taken}, and the end of the section releases it as ${mode}`)
}
