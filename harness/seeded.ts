/** The workloads of a campaign, each with a seed for its schedules. */
import { childSeed } from '../engine/random'
import type { Contract } from '../spec/contract'
import { sampleWorkloads } from './arbitrary'
import { topics, topicsOf, type TopicName } from './topics/topics'
import type { Workload } from './workload'

const workloadsPerSample = 100

export interface SeededOptions {
  readonly contracts: readonly Contract[]
  readonly seed: number
  /** Symbols that the implementation does not show. */
  readonly hides?: readonly string[]
  /** What to run: generated ones without end, unless told. */
  readonly workloads?: readonly Workload[]
}

interface Seeded {
  readonly topic: TopicName
  readonly workload: Workload
  readonly seed: number
}

/** Those that were given, or endless ones about what the contracts are about. `made`: how many schedules were made so far. */
export function* seeded(
  { workloads, seed, contracts, hides }: SeededOptions,
  made: () => number,
): Generator<Seeded> {
  const chosen = topicsOf(contracts, hides)
  if (!workloads) return yield* workloadsFrom(seed, chosen, made)
  const topic = chosen[0]!
  for (const [n, workload] of workloads.entries())
    yield { topic, workload, seed: childSeed(seed, n) }
}

/** Of the schedules that are made each topic gets its share, whatever a workload of it takes. */
function* workloadsFrom(
  seed: number,
  chosen: readonly TopicName[],
  made: () => number,
): Generator<Seeded> {
  const streams = chosen.map((topic, n) => workloadsAbout(topic, seed, n))
  const spent = chosen.map(() => 0)
  const sharesSpent = (n: number) => spent[n]! / topics[chosen[n]!].share
  for (;;) {
    const behind = spent.findIndex((_, n) => n > 0 && sharesSpent(n) < sharesSpent(0))
    const next = Math.max(0, behind)
    const before = made()
    yield streams[next]!.next().value as Seeded
    spent[next]! += made() - before
  }
}

function* workloadsAbout(topic: TopicName, seed: number, nth: number): Generator<Seeded> {
  for (let sample = 0; ; sample++) {
    const sampleSeed = childSeed(seed, sample)
    const sampled = sampleWorkloads(sampleSeed | 0, workloadsPerSample, topic)
    for (const [n, workload] of sampled.entries())
      yield { topic, workload, seed: childSeed(sampleSeed, nth * workloadsPerSample + n) }
  }
}
