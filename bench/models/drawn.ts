/** Schedules of many workloads, drawn as a campaign draws them: some of each, by the portfolio. */
import type { Choice } from '../../engine/choice'
import { childSeed } from '../../engine/random'
import type { Execution } from '../../engine/run'
import { portfolio } from '../../engine/strategies/portfolio'
import { watched } from '../../engine/strategies/strategy'
import { sampleWorkloads, type Extent } from '../../harness/arbitrary'
import { topicNames } from '../../harness/topics/topics'
import type { Workload } from '../../harness/workload'

export const schedulesPerWorkload = 4

export interface Drawn {
  readonly workload: Workload
  /** Draws the schedule: by the same seed each time, from what the strategy knows then. */
  choice(): Choice
  /** Tells the strategy of the run that was made. */
  learn(execution: Execution): void
}

/** In order, and by the seed alone. */
export function* drawn(workloads: Iterable<Workload>, seed: number): Generator<Drawn> {
  let n = 0
  for (const workload of workloads) {
    const strategy = portfolio(n)
    const ownSeed = childSeed(seed, n++)
    for (let run = 0; run < schedulesPerWorkload; run++)
      yield {
        workload,
        choice: () => watched(strategy, strategy.begin(childSeed(ownSeed, run))),
        learn: (execution) => strategy.learn?.(execution),
      }
  }
}

const workloadsPerTopic = 20

/** Workloads about every topic by turns, without end, as large as campaigns draw them unless told. */
export function* everyTopic(seed: number, extent?: Extent): Generator<Workload> {
  for (let sample = 0; ; sample++)
    for (const topic of topicNames)
      yield* sampleWorkloads(childSeed(seed, sample) | 0, workloadsPerTopic, topic, extent)
}
