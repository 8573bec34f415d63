/** Every topic by its name, the largest share first, and which contracts are about it. */
import type { Contract } from '../../spec/contract'
import { servesIntervals } from '../sets'
import { devices } from './devices'
import { faults } from './faults'
import { intervals } from './intervals'
import { jobs } from './jobs'
import { kernel } from './kernel'
import { pagemap } from './pagemap'
import { pages } from './pages'

export const topics = { kernel, devices, intervals, jobs, faults, pages, pagemap } as const

export type TopicName = keyof typeof topics
export const topicNames = Object.keys(topics) as readonly TopicName[]

/** By area, and by id where a topic has single contracts of an area. */
const topicOfContracts = new Map(
  topicNames.flatMap((name) => topics[name].contracts.map((contract) => [contract, name] as const)),
)

export function topicOf({ id }: Contract): TopicName {
  return topicOfContracts.get(id) ?? topicOfContracts.get(id.slice(0, 3)) ?? 'kernel'
}

/**
 * What contracts are about; the kernel, where that cannot be. `hides`: symbols that an implementation does not show, or
 * may do without.
 */
export function topicsOf(
  contracts: readonly Contract[],
  hides: readonly string[] = [],
): readonly TopicName[] {
  const about = new Set(contracts.map(topicOf))
  if (!servesIntervals(hides)) about.delete('intervals')
  return about.size === 0 ? ['kernel'] : topicNames.filter((topic) => about.has(topic))
}
