/** `run`: judge the reference or an implementation, and shrink what it breaks. */
import { runCampaign, type Campaign } from '../campaign'
import { shrink, type Counterexample } from '../counterexample'
import { contractsMatching } from '../registry'
import { rememberRun, reportOf, tableOf, type RunReport } from '../report'
import { chosenSubject, reference, type Subject } from '../subject'
import { seedOf, wholeNumber } from './options'

export interface RunArguments {
  readonly implementation?: string
  readonly contracts?: string
  readonly budget?: string
  readonly seed?: string
  readonly json?: boolean
}

/** Runs of a campaign unless told. */
export const budgetDefault = 20_000

export function runCommand(args: RunArguments): number {
  const subject = chosenSubject(args.implementation)
  const contracts = contractsMatching(args.contracts)
  const seed = seedOf(args.seed)
  const schedules = wholeNumber('--budget', args.budget, budgetDefault)
  const { report, counterexamples } = judge(subject, { contracts, seed, schedules })
  if (subject === reference && args.contracts === undefined) rememberRun(report)
  if (args.json) console.log(JSON.stringify(report, null, 2))
  else print(report, counterexamples)
  return exitCode(report, subject)
}

/** A campaign, with the smallest run for every contract that objected. */
export function judge(
  subject: Subject,
  {
    contracts,
    seed,
    schedules,
  }: { contracts: ReturnType<typeof contractsMatching>; seed: number; schedules: number },
): { report: RunReport; campaign: Campaign; counterexamples: Map<string, Counterexample> } {
  const began = Date.now()
  const campaign = runCampaign({ contracts, patches: subject.patches, seed, schedules })
  const counterexamples = new Map<string, Counterexample>()
  for (const { contract, failure } of campaign.tallies)
    if (failure)
      counterexamples.set(contract.id, shrink(contract, failure, subject.patches, subject.name))
  const report = reportOf(subject.name, seed, campaign, counterexamples, Date.now() - began)
  return { report, campaign, counterexamples }
}

function print(report: RunReport, counterexamples: ReadonlyMap<string, Counterexample>): void {
  for (const { text } of counterexamples.values()) console.log(`${text}\n`)
  for (const { kind, count, says } of report.ends)
    console.log(`${count} runs ended in ${kind}: ${says}\n`)
  for (const line of tableOf(report)) console.log(line)
  console.log(`\n${report.implementation}: ${report.schedules} schedules, seed ${report.seed}`)
}

/** 0 fine, 1 violation, 2 vacuous. An implementation need not exercise everything: only the reference must. */
export function exitCode({ contracts, ends }: RunReport, subject: Subject): number {
  if (contracts.some(({ verdict }) => verdict === 'FAIL') || ends.length > 0) return 1
  return subject === reference && contracts.some(({ verdict }) => verdict === 'VACUOUS') ? 2 : 0
}
