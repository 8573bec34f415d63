/** Every way to run complete schedules of the range that the throughput benchmark compares. */
import * as fc from 'fast-check'
import { recorded, type Choice } from '../../engine/choice'
import { childSeed } from '../../engine/random'
import { randomWalk } from '../../engine/strategies/random-walk'
import { runInEngine, type Defect, type Size } from './range'
import { AsyncRun, releaseAll } from './range-async'
import type { Batch, Contender } from './rounds'

/** Counts what runs of the correct model did, and refuses a verdict against it. */
class Tally implements Batch {
  schedules = 0
  steps = 0

  add(steps: number, stale: boolean): void {
    if (stale) throw new Error('the correct model failed')
    this.schedules++
    this.steps += steps
  }

  engine(size: Size, choice: Choice): void {
    const { execution, world } = runInEngine(size, 'none', choice)
    if (execution.end.kind !== 'done') throw new Error(`a run ended as a ${execution.end.kind}`)
    this.add(execution.steps.length, world.stale)
  }

  finished({ ended, tasks, steps, world }: AsyncRun): void {
    if (ended !== tasks) throw new Error('a run under fast-check did not end')
    this.add(steps, world.stale)
  }
}

export function engineContender(size: Size): Contender {
  return {
    name: 'engine, random walk',
    batch(schedules, seed) {
      const tally = new Tally()
      for (let n = 0; n < schedules; n++) tally.engine(size, randomWalk(childSeed(seed, n)))
      return tally
    },
  }
}

/** The engine where a fast-check property draws the choices. */
export function drawnContenders(size: Size): Contender[] {
  const tasks = size.faulters.length + size.invalidators.length
  const choicesMax = runInEngine(size, 'none', { pick: () => 0 }).execution.steps.length
  const choices = fc.array(fc.nat({ max: tasks - 1 }), { maxLength: choicesMax, size: 'max' })
  return [
    {
      name: 'engine, choices by fc.array(fc.nat)',
      batch(numRuns, seed) {
        const tally = new Tally()
        const property = fc.property(choices, (drawn) => tally.engine(size, recorded(drawn)))
        fc.assert(property, { numRuns, seed })
        return tally
      },
    },
    {
      name: 'engine, choices by fc.gen',
      batch(numRuns, seed) {
        const tally = new Tally()
        const property = fc.property(fc.gen(), (draw) =>
          tally.engine(size, { pick: (_options, count) => draw(fc.nat, { max: count - 1 }) }),
        )
        fc.assert(property, { numRuns, seed })
        return tally
      },
    },
  ]
}

/** Schedulers that are sampled at once: all of them would fill the memory. */
const sampled = 100

/**
 * fast-check's own scheduler: `waitFor`, as its documentation has it, waits up to 50 turns of the microtask
 * queue at every step; a loop over `waitOne` that is tuned to this program (see {@link releaseAll}) does not.
 */
export function schedulerContenders(size: Size): Contender[] {
  const checked = (name: string, finish: (run: AsyncRun, s: fc.Scheduler) => Promise<unknown>) => ({
    name,
    async batch(numRuns: number, seed: number) {
      const tally = new Tally()
      const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const asyncRun = new AsyncRun(size, 'none', scheduler)
        await finish(asyncRun, scheduler)
        tally.finished(asyncRun)
      })
      await fc.assert(property, { numRuns, seed })
      return tally
    },
  })
  return [
    {
      name: 'fc.scheduler, fc.sample and waitOne',
      async batch(numRuns, seed) {
        const tally = new Tally()
        for (let n = 0; n < numRuns; n += sampled) {
          const parameters = {
            numRuns: Math.min(sampled, numRuns - n),
            seed: childSeed(seed, n) | 0,
          }
          for (const scheduler of fc.sample(fc.scheduler(), parameters)) {
            const asyncRun = new AsyncRun(size, 'none', scheduler)
            await releaseAll(scheduler)
            tally.finished(asyncRun)
          }
        }
        return tally
      },
    },
    checked('fc.scheduler, fc.assert and waitOne', (_run, scheduler) => releaseAll(scheduler)),
    checked('fc.scheduler, fc.assert and waitFor', ({ all }, scheduler) => scheduler.waitFor(all)),
  ]
}

/** Schedules until fast-check's scheduler finds the defect, or `cap`. */
export async function schedulerFinds(
  size: Size,
  defect: Defect,
  seed: number,
  cap: number,
): Promise<{ schedules: number; found: boolean }> {
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const { world } = new AsyncRun(size, defect, scheduler)
    await releaseAll(scheduler)
    return !world.stale
  })
  const { failed, numRuns } = await fc.check(property, { seed, numRuns: cap, endOnFailure: true })
  return { schedules: numRuns, found: failed }
}
