/** Why a run is over: who waits for whom, and who repeats what. */
import { optionTask, type Option } from './choice'
import type { Blocked, Death, End } from './events'
import type { Thread } from './thread'

/** The end of a run in which nobody can go on. */
export function endOfWork(threads: readonly Thread[], deaths: readonly Death[]): End {
  const waiting = threads.filter((thread) => !thread.ended && !thread.daemon)
  const blocked = (thread: Thread) => describeBlocked(thread, threads)
  if (deaths.length > 0) return { kind: 'oops', died: deaths, blocked: waiting.map(blocked) }
  if (waiting.length === 0) return { kind: 'done' }
  return { kind: 'deadlock', cycle: (waitForCycle(waiting, threads) ?? waiting).map(blocked) }
}

function describeBlocked(thread: Thread, threads: readonly Thread[]): Blocked {
  return {
    task: thread.name,
    at: thread.point?.label ?? '',
    waitsFor: ownersOf(thread).map((owner) => threads[owner]?.name ?? String(owner)),
  }
}

/** Whom a task waits for; nobody can say of a lock whose memory was freed. */
function ownersOf({ point }: Thread): readonly number[] {
  try {
    return point?.owners?.() ?? []
  } catch {
    return []
  }
}

/** The tasks of a wait-for cycle, starting at its smallest id, or null if there is none. */
function waitForCycle(waiting: readonly Thread[], threads: readonly Thread[]): Thread[] | null {
  for (const start of waiting) {
    const path: Thread[] = []
    if (reaches(start, start, path, new Set(), threads)) return path
  }
  return null
}

function reaches(
  from: Thread,
  goal: Thread,
  path: Thread[],
  seen: Set<Thread>,
  threads: readonly Thread[],
): boolean {
  path.push(from)
  for (const owner of ownersOf(from)) {
    const next = threads[owner]
    if (!next || next.ended) continue
    if (next === goal) return true
    if (seen.has(next)) continue
    seen.add(next)
    if (reaches(next, goal, path, seen, threads)) return true
  }
  path.pop()
  return false
}

/** The end of a run whose last steps, `round`, repeat for ever. */
export function livelockOf(
  round: readonly { readonly option: Option; readonly label: string }[],
  threads: readonly Thread[],
): End {
  const movers = new Set(round.map(({ option }) => threads[optionTask(option)]!))
  const steps = round.map(({ option, label }) => `${threads[optionTask(option)]!.name}: ${label}`)
  return {
    kind: 'livelock',
    tasks: threads.filter((thread) => movers.has(thread)).map(({ name }) => name),
    round: [...new Set(steps)],
  }
}
