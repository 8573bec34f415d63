/**
 * Root causes: a run of an implementation with one defect often breaks several contracts, and those that have
 * a smallest run in common are told together.
 *
 * As far as runs tell: two defects that break the same contract in their smallest runs are not told apart
 * before one of them is repaired.
 */
import { difference, groupBy, intersection, partition, sortBy, uniq, uniqBy } from 'lodash'
import { wrap } from '../engine/columns'
import { sizeText, type Counterexample } from './counterexample'

export interface Cause {
  /** Ids, in the order of the contracts. */
  readonly contracts: readonly string[]
  /** Their smallest runs, each once, as those tell them that they were searched for: the simplest first. */
  readonly runs: readonly Counterexample[]
}

/** Counterexamples, one a contract and in their order, by what they have in common. */
export function causesOf(counterexamples: readonly Counterexample[]): Cause[] {
  let groups: string[][] = counterexamples.map(({ contract }) => [contract])
  for (const { breaks } of counterexamples) {
    const broken = breaks.map(({ contract }) => contract)
    const [joined, apart] = partition(groups, (group) => intersection(group, broken).length > 0)
    groups = [joined.flat(), ...apart]
  }
  const groupOf = ({ contract }: Counterexample) => groups.find((ids) => ids.includes(contract))!
  return uniq(counterexamples.map(groupOf)).map((group) => {
    const sharing = counterexamples.filter(({ contract }) => group.includes(contract))
    const simplest = sortBy(sharing, [
      'operations',
      'preemptions',
      ({ breaks }) => -breaks.length,
      ({ breaks, contract }) => breaks.findIndex((broken) => broken.contract === contract),
    ])
    return {
      contracts: sharing.map(({ contract }) => contract),
      runs: uniqBy(simplest, 'token'),
    }
  })
}

/** Each cause as it is printed: one timeline, what else that run breaks, and which other runs break the rest. */
export function causeTexts(counterexamples: readonly Counterexample[]): string[] {
  return causesOf(counterexamples).map(({ contracts, runs }) => {
    const [told, ...others] = runs as [Counterexample, ...Counterexample[]]
    const also = told.breaks.filter(({ contract }) => contract !== told.contract)
    const rest = difference(
      contracts,
      told.breaks.map(({ contract }) => contract),
    )
    const ofRun = groupBy(
      counterexamples.filter(({ contract }) => rest.includes(contract)),
      'token',
    )
    return [
      told.text,
      ...also.flatMap(({ verdict }) => verdict),
      ...others.flatMap(({ token }) => (ofRun[token] ? otherRun(ofRun[token]) : [])),
    ].join('\n')
  })
}

/** A run of the same cause in short: whose it is, its size, and what replays it. */
function otherRun(same: readonly Counterexample[]): string[] {
  const ids = same.map(({ contract }) => contract).join(', ')
  const { token } = same[0]!
  return [...wrap(`=> ${ids}, in another run: ${sizeText(same[0]!)}`, '   '), `   ${token}`]
}
