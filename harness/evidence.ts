/**
 * What the page of contracts shows of runs: a campaign on the reference, and the kill matrix, as their commands printed
 * them into docs/evidence.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../engine/errors'
import type { Execution } from '../engine/run'
import { judgeOf, objectingTo } from '../spec/judge'
import { describe } from './counterexample'
import type { MutantReport } from './hunt'
import type { Kills } from './kill-matrix'
import { contracts, mutant } from './registry'
import { replay } from './replay'
import type { RunReport } from './report'
import { parseToken } from './token'

/** What `mutants --json` prints. */
export interface KillMatrix {
  readonly seed: number
  readonly mutants: readonly MutantReport[]
  readonly contracts: readonly Kills[]
}

export interface Evidence {
  readonly run: RunReport
  readonly matrix: KillMatrix
}

const evidenceFolder = join(__dirname, '..', 'docs', 'evidence')

export function readEvidence(): Evidence {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(evidenceFolder, `${name}.json`), 'utf8'))
  return { run: read('run') as RunReport, matrix: read('mutants') as KillMatrix }
}

/** A mutant's run to which a contract objects. */
export interface SmallestCase {
  readonly mutant: string
  readonly token: string
  /** Operations, then preemptions, then steps. */
  readonly size: readonly number[]
}

/** By contract, the smallest case of the matrix to which it objects. Every case is run again. */
export function smallestCases({ mutants }: KillMatrix): ReadonlyMap<string, SmallestCase> {
  const judge = judgeOf(contracts)
  const smallest = new Map<string, SmallestCase>()
  for (const { id, cases } of mutants)
    for (const { token, operations, preemptions } of cases) {
      const execution = runAgain(token)
      const size = [operations, preemptions, execution.steps.length]
      for (const { contract } of objectingTo(execution.events, contracts, judge)) {
        const known = smallest.get(contract.id)
        if (!known || isSmaller(size, known.size))
          smallest.set(contract.id, { mutant: id, token, size })
      }
    }
  return smallest
}

/** Steps change with the code. */
function runAgain(token: string): Execution {
  try {
    return replay(token, {}).execution
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(
      `docs/evidence is of other code than this (${error.message}: ${token}); make it anew with the commands at the head of docs/contracts.md`,
    )
  }
}

function isSmaller(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, i) => value !== other[i])
  return at >= 0 && one[at]! < other[at]!
}

/** The case in columns, up to the contract's objection. */
export function drawn({ mutant: name, token }: SmallestCase, id: string): string {
  const { workload, choices } = parseToken(token)
  const contract = contracts.find((one) => one.id === id)!
  const found = { workload, choices, certificate: null, searched: 1, insight: false }
  return describe(contract, found, mutant(name).patches, name).text
}
