import { contract } from '../contract'
import { heldBy, locks, type Locks } from '../facts/locks'
import { reaping, type Reaping } from '../facts/reaping'
import { gfpflags_allow_blocking } from '../headers/gfp'

interface Dependencies {
  /** Locks under which somebody allocated and might have slept. */
  readonly allocatedUnder: Set<string>
  /** Which locks were waited for while a lock was held. */
  readonly waitedUnder: Map<string, Set<string>>
  /** What the reaper waited for, by lock: it may be free, and has to be had all the same. */
  readonly waits: Map<string, string>
  /** What the reaper only tried. */
  readonly tries: Map<string, string>
}

/** Whoever holds what the reaper waits for may itself wait for memory, directly or through others. */
export const noWaitForWhoAllocates = contract({
  id: 'OOM-02',
  binds: 'driver',
  says: 'the oom reaper waits for no lock under which anybody, directly or by waiting for another lock, depends on an allocation that may sleep',
  cites: ['002:1617-1621', '002:3999-4003'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { locks, reaping },
  start: (): Dependencies => ({
    allocatedUnder: new Set(),
    waitedUnder: new Map(),
    waits: new Map(),
    tries: new Map(),
  }),
  on: {
    kmalloc: ({ allocatedUnder }, { task, gfp }, { locks }) => {
      if (gfpflags_allow_blocking(gfp))
        for (const { lock } of heldBy(locks, task)) allocatedUnder.add(lock)
    },
    mutex_lock: (state, event, known) => wait(state, event, known),
    down_read: (state, event, known) => wait(state, event, known),
    down_write: (state, event, known) => wait(state, event, known),
    'mutex_trylock.return': ({ tries }, { task, lock, name, result }, { reaping }) => {
      if (reaping.byTask.has(task)) tries.set(lock, `${name} ${result ? 'taken' : 'refused'}`)
    },
    'down_read_trylock.return': ({ tries }, { task, lock, name, result }, { reaping }) => {
      if (reaping.byTask.has(task)) tries.set(lock, `${name} ${result ? 'taken' : 'refused'}`)
    },
    run_end: (state, _event, _known, tell) => {
      for (const [lock, says] of state.waits)
        if (dependsOnMemory(state, lock))
          tell.object(`${says}, under which an allocation may sleep`)
      for (const [lock, says] of state.tries) if (dependsOnMemory(state, lock)) tell.exercise(says)
    },
  },
})

function wait(
  { waitedUnder, waits }: Dependencies,
  { task, lock, name }: { task: number; lock: string; name: string },
  { locks, reaping }: { locks: Locks; reaping: Reaping },
): void {
  if (reaping.byTask.has(task)) waits.set(lock, `task ${task} waits for ${name} while it reaps`)
  for (const held of heldBy(locks, task)) {
    const known = waitedUnder.get(held.lock)
    if (known) known.add(lock)
    else waitedUnder.set(held.lock, new Set([lock]))
  }
}

/** Whether some holder of a lock may come to wait for memory. */
function dependsOnMemory({ allocatedUnder, waitedUnder }: Dependencies, lock: string): boolean {
  const seen = new Set([lock])
  for (const one of seen) {
    if (allocatedUnder.has(one)) return true
    for (const next of waitedUnder.get(one) ?? []) seen.add(next)
  }
  return false
}
