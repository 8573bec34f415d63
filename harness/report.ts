/** Results of a campaign: as JSON, as a table, and remembered for `list`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Contract } from '../spec/contract'
import { causesOf } from './causes'
import { verdictOf, type Campaign, type Verdict } from './campaign'
import type { Counterexample } from './counterexample'
import type { BadEnd } from './ends'
import { isIn, type Profile } from './profiles'
import type { Tried } from './regressions'

/** The stable form of `run --json`; see docs/schemas/run.schema.json. */
export interface RunReport {
  readonly implementation: string
  /** Which version of the documents was asked for, and which subsystem; everything unless told. */
  readonly profile?: string
  readonly seed: number
  readonly schedules: number
  /** Generated workloads of which every schedule was run. */
  readonly exhausted: number
  /** Runs that were taken twice, and compared. */
  readonly repeated: number
  readonly contracts: readonly ContractReport[]
  /** Runs that did not end well although no contract may have objected. */
  readonly ends: readonly EndReport[]
  /** Counterexamples that were known before and were tried first, and who objects to them now. */
  readonly regressions: readonly Tried[]
  /** Entries of the file of known failures, by line, and what became of them; only if there is one. */
  readonly expectations?: readonly ExpectationReport[]
  /** Volatile: differs from run to run. */
  readonly elapsedMs: number
}

export interface ExpectationReport {
  readonly line: number
  readonly pattern: string
  readonly is: 'known' | 'stale' | 'unmatched'
}

/** Of the first run that ended so: what was wrong with it, and what replays it. */
export interface EndReport {
  readonly kind: BadEnd
  readonly count: number
  readonly says: string
  readonly token?: string
  /** The smallest run that ends so, where one was looked for. */
  readonly counterexample?: Smallest
}

export interface Smallest {
  readonly token: string
  readonly operations: number
  readonly preemptions: number
  readonly text: string
}

export interface ContractReport {
  readonly id: string
  readonly verdict: Verdict
  readonly exercised: number
  readonly witnesses: number
  /** How often, by shape of situation; only if it was put to the test. */
  readonly shapes?: Readonly<Record<string, number>>
  readonly counterexample?: Smallest & {
    /** Ids of the contracts that are broken by the same root cause, this one among them. */
    readonly cause: readonly string[]
  }
}

export function reportOf({
  implementation,
  campaign,
  contracts = campaign.tallies.map(({ contract }) => contract),
  profile,
  seed,
  counterexamples,
  tokens,
  ends = new Map(),
  regressions,
  elapsedMs,
}: {
  readonly implementation: string
  /** Those that it was judged by, and others that the report is to have. */
  readonly contracts?: readonly Contract[]
  readonly profile?: Profile | undefined
  readonly seed: number
  readonly campaign: Campaign
  readonly counterexamples: readonly Counterexample[]
  readonly tokens: ReadonlyMap<BadEnd, string>
  readonly ends?: ReadonlyMap<BadEnd, Counterexample>
  readonly regressions: readonly Tried[]
  readonly elapsedMs: number
}): RunReport {
  const causes = causesOf(counterexamples)
  const causeOf = (id: string) => causes.find((cause) => cause.contracts.includes(id))!.contracts
  return {
    implementation,
    ...(profile && { profile: profile.name }),
    seed,
    schedules: campaign.schedules,
    exhausted: campaign.exhausted,
    repeated: campaign.repeated,
    contracts: contracts.map((contract) => {
      const { id } = contract
      const tally = campaign.tallies.find((one) => one.contract === contract)
      if (!tally) {
        const verdict = isIn(contract, profile) ? 'UNOBSERVABLE' : 'SKIP'
        return { id, verdict, exercised: 0, witnesses: 0 }
      }
      const found = counterexamples.find(({ contract }) => contract === id)
      return {
        id,
        verdict: inProfile(profile, contract, verdictOf(tally, campaign)),
        exercised: tally.exercised,
        witnesses: tally.witnesses.size,
        ...(tally.witnesses.size > 0 && { shapes: Object.fromEntries(tally.witnesses) }),
        ...(found && { counterexample: shown(found, causeOf(id)) }),
      }
    }),
    ends: [...campaign.badEnds].map(([kind, { count, first }]) => ({
      kind,
      count,
      says: first.says,
      ...(tokens.has(kind) && { token: tokens.get(kind)! }),
      ...(ends.has(kind) && { counterexample: smallest(ends.get(kind)!) }),
    })),
    regressions,
    elapsedMs,
  }
}

/** A profile tells what must be from what should be. */
function inProfile(profile: Profile | undefined, { level }: Contract, verdict: Verdict): Verdict {
  return profile && verdict === 'FAIL' && level !== 'MUST' ? 'WARN' : verdict
}

function shown(
  found: Counterexample,
  cause: readonly string[],
): NonNullable<ContractReport['counterexample']> {
  const { token, operations, preemptions, text } = found
  return { token, operations, preemptions, cause, text }
}

/** What a row of the table tells. */
export interface Tabled {
  readonly id: string
  readonly verdict: string
  readonly exercised: number
  readonly witnesses: number
}

const smallest = ({ token, operations, preemptions, text }: Counterexample): Smallest => ({
  ...{ token, operations, preemptions, text },
})

/** The table of contracts: verdict, times exercised, distinct witnesses. */
export function tableOf({ contracts }: { readonly contracts: readonly Tabled[] }): string[] {
  const rows = contracts.map(({ id, verdict, exercised, witnesses }) => [
    id,
    verdict,
    String(exercised),
    String(witnesses),
  ])
  const head = ['contract', 'verdict', 'exercised', 'witnesses']
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  )
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}

/** The bad ends, each in a few lines. */
export function endLines({ ends }: RunReport): string[] {
  return ends.flatMap(({ count, says, token, counterexample }) => {
    const runs = `${count} run${count === 1 ? '' : 's'}`
    const told = counterexample ? [counterexample.text] : token === undefined ? [] : [`   ${token}`]
    return [`${runs} did not end well: ${says}`, ...told]
  })
}

// ---- the last run, for `list` ------------------------------------------------------------------------------

const lastRunFile = join('.hmm-conformance', 'last-run.json')

export function rememberRun(report: RunReport): void {
  mkdirSync(dirname(lastRunFile), { recursive: true })
  writeFileSync(lastRunFile, `${JSON.stringify(report, null, 2)}\n`)
}

/** The last run of the reference in this folder, or null. */
export function lastRun(): RunReport | null {
  if (!existsSync(lastRunFile)) return null
  try {
    return JSON.parse(readFileSync(lastRunFile, 'utf8')) as RunReport
  } catch {
    return null
  }
}
