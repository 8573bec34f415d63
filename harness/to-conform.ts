/**
 * A matcher for jest: `await expect(implementation).toConform({ contracts: 'HMM-*', budget: 2_000 })`.
 * Importing this file adds it.
 */
import { causeTexts } from './causes'
import type { Implementation } from './implementation'
import { judgeSubject } from './judge-subject'
import { noProgress } from './progress'
import { contractsMatching } from './registry'
import { regressionsFolder } from './regressions'
import { endLines } from './report'

export interface ConformOptions {
  /** Ids and patterns, with commas between: all contracts unless told. */
  readonly contracts?: string
  /** How many schedules to run. */
  readonly budget?: number
  readonly seed?: number
}

const budgetDefault = 2_000

/** Passes if no contract objects and every run ends well; says the smallest runs if not. */
export async function toConform(
  { name, patches, hides }: Implementation,
  { contracts, budget = budgetDefault, seed = 1 }: ConformOptions = {},
): Promise<{ pass: boolean; message: () => string }> {
  const { report, counterexamples } = await judgeSubject(
    { name, patches, hides },
    {
      ...{ contracts: contractsMatching(contracts), seed, schedules: budget, workers: 1 },
      ...{ folder: regressionsFolder, progress: noProgress },
    },
  )
  const said = [...causeTexts(counterexamples), ...endLines(report)]
  return {
    pass: said.length === 0,
    message: () =>
      said.length === 0
        ? `${name} was expected to break a contract, and keeps all in ${budget} schedules`
        : `${name} does not conform (seed ${seed}):\n\n${said.join('\n\n')}`,
  }
}

declare global {
  namespace jest {
    interface Matchers<R> {
      toConform(options?: ConformOptions): Promise<R>
    }
  }
}

expect.extend({ toConform })
