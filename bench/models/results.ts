/** What shrinking made of many failures of one defect. */
import { countBy, sortBy } from 'lodash'
import { share } from './statistics'

/** What one seed ended with. */
export interface Ended {
  /** By which results are told apart. */
  readonly text: string
  readonly operations: number
  readonly preemptions: number
  readonly seed: number
}

/** A result, with the first seed that ended there. */
export interface Result extends Ended {
  readonly count: number
}

/** The most frequent first. */
export function resultsOf(all: readonly Ended[]): Result[] {
  return Object.entries(countBy(all, 'text'))
    .map(([text, count]) => {
      const { operations, preemptions, seed } = all.find((one) => one.text === text)!
      return { text, operations, preemptions, count, seed }
    })
    .sort((a, b) => b.count - a.count)
}

export interface Least {
  readonly operations: number
  readonly preemptions: number
}

/** Fewer operations count before fewer preemptions. */
export function leastAmong(all: readonly Ended[]): Least {
  return sortBy(all, 'operations', 'preemptions')[0]!
}

/** Shares of the results that have the fewest operations, and the fewest preemptions as well. */
export function sharesOfLeast(all: readonly Ended[], least: Least) {
  const isShort = ({ operations }: Ended) => operations === least.operations
  return {
    fewestOperations: share(all, isShort),
    fewestBoth: share(all, (one) => isShort(one) && one.preemptions === least.preemptions),
  }
}
