/**
 * The mutants behind the documents' diagrams, from many seeds: schedules until random search finds each,
 * and how many distinct counterexamples they shrink to.
 *
 *   node bin/bench.js mutant-seeds [SEEDS] [MUTANT...]
 */
import { countBy, max, uniq } from 'lodash'
import { runCampaign } from '../harness/campaign'
import { shrink } from '../harness/counterexample'
import { fixtureNames, readFixture } from '../harness/fixture'
import { contracts, mutant } from '../harness/registry'
import { median } from './models/statistics'

const schedulesMax = 20_000

export function mutantSeeds(args: readonly string[]): void {
  const [seeds = '20', ...names] = args
  const chosen =
    names.length > 0
      ? names
      : uniq(fixtureNames(['documents']).map((name) => readFixture(name).boot))
  for (const name of chosen) {
    const { expect, patches } = mutant(name)
    const found: number[] = []
    const tokens: string[] = []
    for (let seed = 1; seed <= Number(seeds); seed++) {
      const contract = contracts.find(({ id }) => id === expect[0])!
      const { tallies, schedules } = runCampaign({
        contracts: [contract],
        patches,
        seed,
        schedules: schedulesMax,
        enough: (soFar) => soFar.tallies[0]!.failure !== null,
      })
      const { failure } = tallies[0]!
      if (!failure) continue
      found.push(schedules)
      tokens.push(shrink(contract, failure, patches, name, { insight: false }).token)
    }
    console.log(
      `${name} (${expect[0]}): found ${found.length} of ${seeds}, median ${median(found)}, most ${max(found)} schedules; ${uniq(tokens).length} distinct`,
    )
    for (const [token, count] of Object.entries(countBy(tokens)))
      console.log(`  ${count} x ${token}`)
  }
}
