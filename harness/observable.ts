/** Which contracts an implementation can be judged by: those that hear nothing that it keeps to itself. */
import type { Contract } from '../spec/contract'
import { judgeOf } from '../spec/judge'
import { hiddenBy, servesIntervals, type SetName } from './sets'
import { topicOf } from './topics/topics'

/** Whether a contract hears nothing, by way of facts either, that is not shown. `hides`: names of symbols. */
export function isObservable(contract: Contract, hides: readonly string[] = []): boolean {
  if (hides.length === 0) return true
  if (topicOf(contract) === 'intervals' && !servesIntervals(hides)) return false
  const { listens } = judgeOf([contract])
  return !hides.some((symbol) => listens.has(symbol))
}

/** Ids of the contracts that nobody can judge of an implementation of these sets that shows only so much. */
export function unobservable(
  contracts: readonly Contract[],
  sets: readonly SetName[],
  shows: readonly string[],
): string[] {
  const hides = hiddenBy(sets, shows)
  return contracts.flatMap((contract) => (isObservable(contract, hides) ? [] : [contract.id]))
}
