/**
 * Checks that the engine's program and fast-check's are the same program: whatever schedule one of them
 * takes, the other can take step by step, with the same labels, the same end and the same world. Throws
 * where they differ; what it returns was counted.
 */
import * as fc from 'fast-check'
import { isEqual } from 'lodash'
import { isTimeout, optionTask, type Choice } from '../../engine/choice'
import { childSeed } from '../../engine/random'
import { randomWalk } from '../../engine/strategies/random-walk'
import { runInEngine, type Defect, type EngineRun, type Size } from './range'
import { AsyncRun } from './range-async'

export interface Parity {
  readonly size: string
  /** Schedules of either program that the other one took too. */
  readonly schedules: number
  /** Scheduling points of a complete run: fewest and most. */
  readonly fewest: number
  readonly most: number
  /** Runs in which the device reached freed memory, of those with the defect and of those without. */
  readonly staleWithDefect: number
  readonly staleWithout: number
}

interface Traced {
  readonly task: number
  readonly label: string
}

/** The label without the page, which the asynchronous program leaves out. */
const verbOf = (label: string) => label.replace(/ \d+$/, '')

function traceOf({ execution }: EngineRun): Traced[] {
  return execution.steps.map(({ option, label }) => ({
    task: optionTask(option),
    label: verbOf(label),
  }))
}

/** Follows the tasks of a trace strictly. */
function following(trace: readonly Traced[]): Choice {
  let at = 0
  return {
    pick(options, count) {
      const wanted = trace[at]?.task
      for (let i = 0; i < count; i++)
        if (optionTask(options[i]!) === wanted && !isTimeout(options[i]!)) return i
      throw new Error(`the engine cannot take step ${at} of a schedule of fast-check`)
    },
    took: () => void at++,
  }
}

/** Releases all that is scheduled, and checks before every choice that all tasks were there to choose. */
async function releaseChecked(traced: AsyncRun, scheduler: fc.Scheduler, before?: () => void) {
  while (scheduler.count() > 0) {
    before?.()
    await scheduler.waitOne()
    await undefined
    if (!traced.settled) throw new Error('fast-check chose before every task was at its point')
  }
  if (traced.ended !== traced.tasks) throw new Error('a task of fast-check is stuck')
}

/** Takes the engine's schedule under fast-check: its order is written as the run goes. */
async function followInAsync(size: Size, defect: Defect, trace: readonly Traced[]) {
  const order: number[] = []
  const scheduler = fc.schedulerFor(order)
  const traced = new AsyncRun(size, defect, scheduler, true)
  await releaseChecked(traced, scheduler, () =>
    order.push(traced.pending[trace[order.length]?.task ?? -1] ?? -1),
  )
  return traced
}

function assertSame(engine: EngineRun, other: AsyncRun): void {
  if (engine.execution.end.kind !== 'done')
    throw new Error(`a run ended as a ${engine.execution.end.kind}`)
  if (!isEqual(traceOf(engine), other.trace)) throw new Error('the programs took different steps')
  if (!isEqual(engine.world, other.world)) throw new Error('the programs left different worlds')
}

/** Compares `count` random schedules of each program, half of them with a defect. */
export async function checkParity(size: Size, count: number): Promise<Parity> {
  const lengths: number[] = []
  const stale = { none: 0, unchecked: 0, boolean: 0 }
  const seen = (defect: Defect, engine: EngineRun, other: AsyncRun) => {
    assertSame(engine, other)
    lengths.push(engine.execution.steps.length)
    if (engine.world.stale) stale[defect]++
  }
  for (const defect of ['none', 'unchecked', 'boolean'] as const) {
    const schedulers = fc.sample(fc.scheduler(), { numRuns: count, seed: 1 })
    for (const [n, scheduler] of schedulers.entries()) {
      const sampled = new AsyncRun(size, defect, scheduler, true)
      await releaseChecked(sampled, scheduler)
      const followed = runInEngine(size, defect, following(sampled.trace!), { labels: true })
      seen(defect, followed, sampled)
      const walked = runInEngine(size, defect, randomWalk(childSeed(1, n)), { labels: true })
      seen(defect, walked, await followInAsync(size, defect, traceOf(walked)))
    }
  }
  if (stale.none > 0) throw new Error('the correct model failed')
  return {
    size: size.name,
    schedules: lengths.length,
    fewest: Math.min(...lengths),
    most: Math.max(...lengths),
    staleWithDefect: stale.unchecked + stale.boolean,
    staleWithout: stale.none,
  }
}
