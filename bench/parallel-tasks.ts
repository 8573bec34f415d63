/** What threads of a benchmark can be asked for: each depends on its argument alone, never on the thread. */
import { shrinkMutant } from './shrinking-mutants'
import { measureMutant } from './time-to-bug-mutant'

export const parallelTasks = { shrinkMutant, measureMutant }

export type ParallelTasks = typeof parallelTasks
