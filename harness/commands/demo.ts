/**
 * `demo`: a real bug of the posted HMM series, found by search and shrunk.
 *
 * It is what `run` does for any implementation, with the same budget and a seed of its own each time.
 */
import { join } from 'node:path'
import { runCampaign } from '../campaign'
import { shrink } from '../counterexample'
import { writePage } from '../html/page'
import { counterexampleSection } from '../html/section'
import { contractsMatching, mutant } from '../registry'
import { budgetDefault } from './run'
import { seedOf } from './options'

const boot = 'boolean-valid'
const page = join('.hmm-conformance', 'demo.html')

export function demoCommand(args: { readonly seed?: string }): number {
  const { says, expect, patches } = mutant(boot)
  const contracts = contractsMatching(expect[0]!)
  const seed = seedOf(args.seed)
  const campaign = runCampaign({
    contracts,
    patches,
    seed,
    schedules: budgetDefault,
    enough: ({ tallies }) => tallies.some(({ failure }) => failure !== null),
  })
  const broken = campaign.tallies.find(({ failure }) => failure !== null)
  if (!broken?.failure) {
    console.error(
      `nothing found in ${campaign.schedules} schedules with seed ${seed}; run it again`,
    )
    return 1
  }
  console.log(`HMM as posted in June 2019: ${says}.`)
  console.log(
    `Found in schedule ${broken.failure.schedule} (seed ${seed}), shrunk from ${operationsIn(broken.failure.workload.tasks)} operations:\n`,
  )
  const found = shrink(broken.contract, broken.failure, patches, boot)
  console.log(`${found.text}\n`)
  writePage(page, `HMM as posted: ${says}`, [counterexampleSection(found, patches)])
  return 0
}

function operationsIn(tasks: readonly { readonly ops: readonly string[] }[]): number {
  return tasks.reduce((sum, { ops }) => sum + ops.length, 0)
}
