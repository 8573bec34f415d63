/** Everything that is known by name: contracts, and patch sets in `fixtures/mutants`. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { intersection } from 'lodash'
import { EngineError, UsageError } from '../engine/errors'
import type { Contract } from '../spec/contract'
import type { PatchSet } from './patch-set'
import { contracts } from '../spec/registry'

const mutantsFolder = join(__dirname, '..', 'fixtures', 'mutants')

export { contracts }

/** Contracts whose ids match a comma-separated list of ids and patterns such as `HMM-*`. */
export function contractsMatching(patterns: string | undefined): readonly Contract[] {
  if (patterns === undefined) return contracts
  const chosen = new Set<Contract>()
  for (const pattern of patterns.split(',')) {
    const found = contracts.filter(({ id }) => matches(pattern, id))
    if (found.length === 0)
      throw new UsageError(
        `no contract is called "${pattern}"; "hmm-conformance list" shows all ids`,
      )
    found.forEach((contract) => chosen.add(contract))
  }
  return contracts.filter((contract) => chosen.has(contract))
}

/** Contracts by their ids, in the order of the ids. */
export function contractsWithIds(ids: readonly string[]): readonly Contract[] {
  const known = new Map(contracts.map((contract) => [contract.id, contract]))
  return ids.map((id) => known.get(id)!)
}

function matches(pattern: string, id: string): boolean {
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern
}

/** Names of the mutants that come with the suite. */
export function mutantNames(): readonly string[] {
  if (!existsSync(mutantsFolder)) return []
  return readdirSync(mutantsFolder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

/** Loads one mutant by name. */
export function mutant(name: string): PatchSet {
  if (!mutantNames().includes(name))
    throw new UsageError(`there is no mutant "${name}"; there are ${mutantNames().join(', ')}`)
  const { patchSet } = require(join(mutantsFolder, name)) as { patchSet: PatchSet }
  checkMutant(name, patchSet)
  return patchSet
}

/** Refuses a mutant that nobody could convict, or that says of contracts what cannot be. */
export function checkMutant(name: string, { id, expect, may, patches }: PatchSet): void {
  const wrong = (what: string) => new EngineError(`fixtures/mutants/${name}.ts ${what}`)
  if (id !== name) throw wrong(`calls itself ${id}`)
  if (patches.length === 0) throw wrong('patches nothing')
  if (expect.length === 0) throw wrong('expects no contract to object')
  const ids = new Set(contracts.map((contract) => contract.id))
  for (const contract of [...expect, ...Object.keys(may)])
    if (!ids.has(contract)) throw wrong(`speaks of ${contract}, which is no contract`)
  const [both] = intersection(expect, Object.keys(may))
  if (both !== undefined) throw wrong(`says of ${both} that it must object and that it may`)
}
