/** Workloads, generated. Every subset of a workload is a workload. */
import fc from 'fast-check'
import { mapValues, uniq } from 'lodash'
import type { Argument } from './operation'
import { operations } from './operations'
import { kernelDrivers } from './topics/kernel'
import type { Topic } from './topics/topic'
import { topics, type TopicName } from './topics/topics'
import { pagesIn, type World } from './world'
import type { Workload } from './workload'

/** How many tasks workloads have, and how many operations each of them does: the least, and the most. */
export interface Extent {
  readonly tasks: readonly [number, number]
  readonly ops: readonly [number, number]
}

const usual: Extent = { tasks: [2, 4], ops: [1, 8] }
const kindsMin = 3
const kindsMax = 6

/** What an operation needs to have come before it, or beside it, or it finds nothing to do and meets nothing. */
const needs: Readonly<Record<string, string>> = {
  exit: 'close',
  kvm_read: 'kvm_fault',
  odp_read: 'odp_fault',
  detach: 'attach',
  child_uverbs_write: 'fork',
  vram_read: 'cpu_write',
  vram_write: 'cpu_read',
  hfi1_send: 'reclaim',
  uprobe: 'mprotect_read',
}
const neededBy = (some: readonly string[]) => some.flatMap((name) => needs[name] ?? [])

/**
 * The kinds of operation that one workload draws from. A few kinds often meet; of all kinds any two
 * meet seldom (swarm testing, Groce et al. 2012).
 */
function kinds(made: World, { weights }: Topic): fc.Arbitrary<readonly string[]> {
  const names = Object.keys(weights)
  const possible = names.filter((name) => isPossible(name, made))
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(names) },
    {
      weight: 3,
      arbitrary: fc
        .uniqueArray(fc.oneof(...weighted(possible, weights, fc.constant)), {
          minLength: kindsMin,
          maxLength: kindsMax,
          size: 'max',
        })
        .map((some) => uniq([...some, ...neededBy(some).filter((name) => names.includes(name))])),
    },
  )
}

/** Whether an operation has the device that it is on. */
function isPossible(name: string, { drivers }: World): boolean {
  const { takes, on } = operations[name]!
  if (takes.includes('gpu')) return drivers.includes('gpu') || drivers.includes('gpu1')
  return on === undefined || drivers.includes(on)
}

function weighted<T>(
  names: readonly string[],
  weights: Topic['weights'],
  make: (name: string) => fc.Arbitrary<T>,
): fc.WeightedArbitrary<T>[] {
  return names.map((name) => ({ weight: weights[name]!, arbitrary: make(name) }))
}

/** One operation's text, its pages within the world's. */
function operation(
  world: World,
  hot: number,
  among: readonly string[],
  { weights }: Topic,
): fc.Arbitrary<string> {
  const pages = pagesIn(world)
  const { drivers } = world
  const page = fc.oneof(
    { weight: 2, arbitrary: fc.constant(hot) },
    { weight: 1, arbitrary: fc.nat(pages - 1) },
  )
  const first = drivers.includes('gpu') ? '0' : '1'
  const argument = (kind: Argument): fc.Arbitrary<string> => {
    switch (kind) {
      case 'page':
        return page.map(String)
      case 'end':
        return fc.integer({ min: 1, max: pages }).map(String)
      case 'gpu':
        return fc.oneof(
          { weight: 3, arbitrary: fc.constant(first) },
          { weight: 1, arbitrary: fc.constantFrom('0', '1') },
        )
      case 'driver':
        return fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...drivers) },
          { weight: 1, arbitrary: fc.constantFrom(...kernelDrivers) },
        )
    }
  }
  const one = (name: string) => {
    const { takes } = operations[name]!
    return fc.tuple(...takes.map(argument)).map((args) => spell(name, takes, args))
  }
  return fc.oneof(...weighted(among, weights, one))
}

/** Ends lie behind starts, and the first GPU needs no mention. */
function spell(name: string, takes: readonly Argument[], args: string[]): string {
  const start = Number(args[takes.indexOf('page')])
  const words = args.map((word, i) => {
    if (takes[i] === 'end') return String(Math.max(start + 1, Number(word)))
    return takes[i] === 'gpu' && word === '0' ? '' : word
  })
  return [name, ...words].filter((word) => word !== '').join(' ')
}

function workloadsOf(topic: Topic, { tasks, ops }: Extent): fc.Arbitrary<Workload> {
  const many = <T>(of: fc.Arbitrary<T>, [minLength, maxLength]: readonly [number, number]) =>
    fc.array(of, { minLength, maxLength, size: 'max' })
  return topic.world
    .chain((made) => fc.tuple(fc.constant(made), fc.nat(pagesIn(made) - 1), kinds(made, topic)))
    .chain(([world, hot, among]) =>
      many(many(operation(world, hot, among, topic), ops), tasks).map((lists) => ({
        world,
        tasks: lists.map((ops, i) => ({ name: `cpu${i}`, ops })),
      })),
    )
}

/** Workloads about each topic. */
export const workloads: Readonly<Record<TopicName, fc.Arbitrary<Workload>>> = mapValues(
  topics,
  (topic) => workloadsOf(topic, usual),
)

/** `count` workloads that depend on the seed alone. */
export function sampleWorkloads(
  seed: number,
  count: number,
  topic: TopicName = 'kernel',
  extent?: Extent,
): Workload[] {
  const from = extent ? workloadsOf(topics[topic], extent) : workloads[topic]
  return fc.sample(from, { seed, numRuns: count })
}
