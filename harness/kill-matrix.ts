/** The kill matrix by contract: which mutants each convicts, and which of them nobody else does. */
import { intersection, uniq, without } from 'lodash'
import type { Contract } from '../spec/contract'
import type { MutantReport } from './hunt'

/** What the hunts showed of one obligation. */
export interface Kills {
  readonly id: string
  /** Ids of the mutants that it objected to. */
  readonly kills: readonly string[]
  /** Those of them that nobody else objected to. */
  readonly only: readonly string[]
  /**
   * Where others objected to all of its mutants too: each contract that objected to every one of them, or, where
   * none did, all that together do.
   */
  readonly impliedBy: readonly string[]
}

/** A hunt is over once all that must object have: whoever objects later than that is not in it. */
export function killsByContract(
  contracts: readonly Contract[],
  reports: readonly MutantReport[],
): Kills[] {
  return contracts
    .filter(({ kind }) => kind === 'obligation')
    .map(({ id }) => {
      const killed = reports.filter(({ killedBy }) => killedBy.includes(id))
      const others = killed.map(({ killedBy }) => without(killedBy, id))
      const only = killed.filter((_, i) => others[i]!.length === 0)
      return {
        id,
        kills: killed.map((report) => report.id),
        only: only.map((report) => report.id),
        impliedBy: only.length > 0 ? [] : impliers(others).toSorted(),
      }
    })
}

function impliers(others: readonly (readonly string[])[]): string[] {
  const ofAll = intersection(...others)
  return ofAll.length > 0 ? ofAll : uniq(others.flat())
}
