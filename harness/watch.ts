/** A watch over a worker: whether it goes from run to run, and what memory it takes for one of them. */
import type { Pulse } from './guard'

/** What a run has too much of. */
export type Late = 'time' | 'memory'

export interface Limits {
  readonly runMsMax: number
  /** Of the whole process, in MB. */
  readonly residentMb: number
}

const looksPerLimit = 8
const msBetweenLooksMax = 500
/** A run that is at it for so long is the one that takes the memory. */
const msSuspicious = 1_000

/** Tells when a run is over its limits. Before its first run a worker may take what it likes. */
export function watch(
  { run }: Pulse,
  { runMsMax, residentMb }: Limits,
  late: (why: Late) => void,
  memoryUsed: () => number = process.memoryUsage.rss,
): { stop(): void } {
  let number = 0
  let since = performance.now()
  const look = (): Late | null => {
    const now = Atomics.load(run, 0)
    if (now !== number) {
      number = now
      since = performance.now()
    }
    const ms = performance.now() - since
    if (number === 0 || ms < Math.min(msSuspicious, runMsMax)) return null
    if (ms > runMsMax) return 'time'
    return memoryUsed() > residentMb * 2 ** 20 ? 'memory' : null
  }
  const timer = setInterval(
    () => {
      const why = look()
      if (why === null) return
      clearInterval(timer)
      late(why)
    },
    Math.min(msBetweenLooksMax, runMsMax / looksPerLimit),
  )
  return { stop: () => clearInterval(timer) }
}
