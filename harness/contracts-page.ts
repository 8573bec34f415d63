/** The page of all contracts, docs/contracts.md: what each says, where it is written, and what it convicts. */
import { difference, groupBy, sortBy } from 'lodash'
import type { Contract, Unjudged } from '../spec/contract'
import { heardSymbol } from '../spec/events'
import { contracts, unjudged } from '../spec/registry'
import { drawn, readEvidence, smallestCases, type Evidence, type SmallestCase } from './evidence'
import type { Kills } from './kill-matrix'
import { code, marked } from './markdown'
import { mutant, mutantNames } from './registry'
import type { ContractReport } from './report'
import { sourceOf } from './sources'

/** What the letters of an id stand for. */
const areas: Readonly<Record<string, string>> = {
  MMN: 'The mmu notifier core',
  HMM: 'HMM: mirrors and ranges',
  BLK: 'Passes that must not block',
  LCK: 'Locks',
  LIF: 'Lifetimes',
  OOM: 'The oom reaper',
  TLB: 'Secondary TLBs',
  DRV: 'Drivers',
  DEV: 'Devices',
  RFC: 'Locks against invalidations',
  PGM: 'Device memory',
  INT: 'Interval notifiers',
}

/** The whole page. It depends on the registry, on the mutants, and on the evidence. */
export function contractsPage(evidence = readEvidence()): string {
  const known = knownFrom(evidence)
  const entries = [...contracts, ...unjudged].sort((one, other) => (one.id < other.id ? -1 : 1))
  const byArea = groupBy(entries, ({ id }) => id.slice(0, 3))
  const sections = Object.entries(areas).flatMap(([area, title]) => [
    `## ${title} (${area})`,
    ...byArea[area]!.flatMap((entry) => entryLines(entry, known)),
  ])
  return `${[...heading(evidence), ...sections].join('\n\n')}\n`
}

/** What runs showed, by contract. */
interface Known {
  readonly reports: ReadonlyMap<string, ContractReport>
  readonly kills: ReadonlyMap<string, Kills>
  readonly cases: ReadonlyMap<string, SmallestCase>
  /** Mutants that it must convict. */
  readonly convicts: ReadonlyMap<string, readonly string[]>
}

function knownFrom({ run, matrix }: Evidence): Known {
  return {
    reports: new Map(run.contracts.map((report) => [report.id, report])),
    kills: new Map(matrix.contracts.map((kills) => [kills.id, kills])),
    cases: smallestCases(matrix),
    convicts: mutantsOf(),
  }
}

function heading({ run, matrix }: Evidence): string[] {
  const defects = `${matrix.mutants.length} planted defects`
  return [
    '# Contracts',
    `${contracts.length} contracts, each a monitor over events, and ${unjudged.length} rules that no monitor of their own judges. ` +
      'This page is written by the last of these commands, from what the others print:',
    [
      '```',
      `npx hmm-conformance run --seed ${run.seed} --json > docs/evidence/run.json`,
      `npx hmm-conformance mutants --seed ${matrix.seed} --json > docs/evidence/mutants.json`,
      'npx hmm-conformance list --markdown > docs/contracts.md',
      '```',
    ].join('\n'),
    '_Tested_ is how often, and in how many shapes of situation, the reference must have put a contract to the test in a campaign (below it the verdict is VACUOUS), ' +
      `then how often it was in ${grouped(run.schedules)} schedules at seed ${run.seed}, by shape. ` +
      '_Hears_ are the functions whose calls and returns it follows, besides those of the facts that it uses. ' +
      `_Convicts_ are the planted defects that it must object to, and those of ${defects} to which it objected besides when they were hunted at seed ${matrix.seed}: ` +
      'a hunt is over once everybody has objected who must, so that others may have been on the way. ' +
      'The picture is the smallest run of any of them to which it objects; the line below it replays it.',
  ]
}

function entryLines(entry: Contract | Unjudged, known: Known): string[] {
  const says = `### ${entry.id}\n\n${sentence(entry.says)}`
  const lines = 'on' in entry ? contractLines(entry, known) : unjudgedLines(entry)
  const list = [...lines, ...entry.cites.map((cite) => `Source: ${sourceOf(cite)}`)]
  const smallest = known.cases.get(entry.id)
  return [
    says,
    list.map((line) => `- ${line}`).join('\n'),
    ...(smallest
      ? [
          `Smallest, of ${code(smallest.mutant)} (${marked(mutant(smallest.mutant).says)}):`,
          `\`\`\`\n${drawn(smallest, entry.id)}\n\`\`\``,
        ]
      : []),
  ]
}

function contractLines(contract: Contract, { reports, kills, convicts }: Known): string[] {
  const { id, level, kind, binds, minimum, uses, on } = contract
  const heard = [...new Set(Object.keys(on).map((name) => heardSymbol(name).symbol))]
  const facts = Object.values(uses).map(({ name }) => name)
  const atLeast = `${minimum.exercised} times in ${shapes(minimum.witnesses)}`
  return [
    `${level} ${kind}, binds ${binds}`,
    `Tested: at least ${atLeast}; ${testedText(reports.get(id))}`,
    `Hears: ${heard.map(code).join(', ')}${facts.length > 0 ? `; knows ${facts.join(', ')}` : ''}`,
    ...convictsLines(convicts.get(id) ?? [], kills.get(id)),
  ]
}

function testedText(report: ContractReport | undefined): string {
  if (!report) return 'not run yet'
  const shapes = sortBy(Object.entries(report.shapes ?? {}), ([, count]) => -count)
  const told = shapes.map(([shape, count]) => `${marked(shape)} (${grouped(count)})`).join(', ')
  return `${grouped(report.exercised)} times: ${told}`
}

function convictsLines(must: readonly string[], kills: Kills | undefined): string[] {
  const besides = difference(kills?.kills ?? [], must)
  if (must.length + besides.length === 0) return []
  const also = besides.length > 0 ? `; objected besides to ${besides.map(code).join(', ')}` : ''
  const convicts = `Convicts: ${must.map(code).join(', ') || 'none that it must'}${also}`
  if (!kills || kills.kills.length === 0) return [convicts]
  const { only, impliedBy } = kills
  return [
    convicts,
    only.length > 0
      ? `Nobody else objected to: ${only.map(code).join(', ')}`
      : `Others objected to all of these too: ${impliedBy.join(', ')}`,
  ]
}

function unjudgedLines({ sameAs, excluded }: Unjudged): string[] {
  return [sameAs === undefined ? `Not judged: ${marked(excluded!)}` : `The same as ${sameAs}`]
}

/** By contract, the mutants that it must convict. */
function mutantsOf(): ReadonlyMap<string, readonly string[]> {
  const convicts = new Map<string, string[]>()
  for (const { id, expect } of mutantNames().map(mutant))
    for (const contract of expect) convicts.set(contract, [...(convicts.get(contract) ?? []), id])
  return convicts
}

function sentence(says: string): string {
  return `${marked(says[0]!.toUpperCase() + says.slice(1))}.`
}

const grouped = (count: number): string => count.toLocaleString('en-US')
const shapes = (count: number): string => (count === 1 ? '1 shape' : `${count} shapes`)
