/**
 * The guard of a thread that makes runs: a run that uses up memory is ended, and one that does not come
 * back is known to others, because every run shows its number in shared memory before it begins.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Choice } from '../engine/choice'

// ---- which run ---------------------------------------------------------------------------------------------

/** What a thread shows of the task it is at. */
export interface Pulse {
  /** The number of the run it is in, from 1; 0 as long as there is none. */
  readonly run: Int32Array
  /** How many choices that run has made, then each of them; only if somebody wants to know. */
  readonly choices?: Int32Array
}

/** More than a run has: its steps are bounded. */
const choicesMax = 10_000

export function newPulse(withChoices = false): Pulse {
  const shared = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length))
  return { run: shared(1), ...(withChoices && { choices: shared(1 + choicesMax) }) }
}

/** Run number `run`, from 0, is about to begin. */
export function beginRun(pulse: Pulse, run: number): void {
  pulse.run[0] = run + 1
}

/** The choice, which shows what it picks where that is asked for. */
export function shown(choice: Choice, { choices }: Pulse): Choice {
  if (!choices) return choice
  choices[0] = 0
  return {
    ...choice,
    pick(options, count, positionOf) {
      const picked = choice.pick(options, count, positionOf)
      choices[++choices[0]!] = picked > 0 && picked < count ? picked : 0
      return picked
    },
  }
}

/** What the run has picked so far. */
export function choicesOf({ choices }: Pulse): readonly number[] {
  return choices ? [...choices.subarray(1, 1 + choices[0]!)] : []
}

let counting: Pulse | null = null

/** Numbers the runs of this thread, for as long as `body` takes. */
export function countingRuns<R>(pulse: Pulse, body: () => R): R {
  counting = pulse
  try {
    return body()
  } finally {
    counting = null
  }
}

/** One more run is about to begin. */
export function countRun(): void {
  if (counting !== null) counting.run[0]!++
}

// ---- memory -------------------------------------------------------------------------------------------------

/** What runs may use beyond what there was before the first of them. */
export const memoryMaxMb = 64

let collectGarbage: (() => void) | null = null
let memoryBefore = 0
let limited = false

/** Runs that use up memory are ended, for as long as `body` takes. */
export function withinMemory<R>(body: () => R): R {
  if (collectGarbage === null) {
    // What is in use is known only without the garbage; that is collected when there seems to be too much.
    setFlagsFromString('--expose-gc')
    collectGarbage = runInNewContext('gc') as () => void
    memoryBefore = memoryUsed()
  }
  limited = true
  try {
    return body()
  } finally {
    limited = false
  }
}

/** What a run has used up, or null. */
export function exhausted(): string | null {
  if (!limited || !isOverLimit()) return null
  collectGarbage!()
  return isOverLimit() ? `its runs use more than ${memoryMaxMb} MB of memory` : null
}

const isOverLimit = (): boolean => memoryUsed() - memoryBefore > memoryMaxMb * 2 ** 20

function memoryUsed(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}
