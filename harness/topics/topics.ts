/** Every topic by its name, the largest share first, and which contracts are about it. */
import type { Contract } from '../../spec/contract'
import { servesIntervals } from '../sets'
import { devices } from './devices'
import { huge } from './huge'
import { faults } from './faults'
import { intervals } from './intervals'
import { jobs } from './jobs'
import { kernel } from './kernel'
import { pagemap } from './pagemap'

export const topics = { kernel, devices, intervals, huge, jobs, pagemap, faults } as const

export type TopicName = keyof typeof topics
export const topicNames = Object.keys(topics) as readonly TopicName[]

/** Of drivers whose devices work while nobody watches. */
const aboutJobs: readonly string[] = [
  ...['DRV-04', 'DRV-05', 'DRV-06', 'DRV-07', 'DRV-10', 'DRV-13', 'DRV-14', 'DRV-19'],
  ...['DRV-24', 'DRV-25'],
  ...['DEV-04', 'DEV-06', 'DEV-07', 'DEV-08'],
]

/** Contracts that are put to the test in worlds about another topic than the kernel: an area, or one of its own. */
const topicOfContracts: Readonly<Record<string, TopicName>> = {
  TLB: 'devices',
  DRV: 'devices',
  DEV: 'devices',
  RFC: 'devices',
  INT: 'intervals',
  'TLB-09': 'huge',
  ...Object.fromEntries(aboutJobs.map((id) => [id, 'jobs' as const])),
  PGM: 'pagemap',
  'DRV-01': 'faults',
  'DRV-02': 'faults',
  'DRV-23': 'faults',
  'DRV-27': 'faults',
  'DEV-03': 'faults',
  'DEV-10': 'faults',
  'DEV-11': 'faults',
}

export function topicOf({ id }: Contract): TopicName {
  return topicOfContracts[id] ?? topicOfContracts[id.slice(0, 3)] ?? 'kernel'
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
