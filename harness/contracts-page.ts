/** The page of all contracts, docs/contracts.md: what each says, where it is written, and what it convicts. */
import { groupBy } from 'lodash'
import type { Contract, Unjudged } from '../spec/contract'
import { heardSymbol } from '../spec/events'
import { contracts, unjudged } from '../spec/registry'
import { code, marked } from './markdown'
import { mutant, mutantNames } from './registry'
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

/** The whole page. It depends on the registry and on the mutants alone. */
export function contractsPage(): string {
  const convicts = mutantsOf()
  const entries = [...contracts, ...unjudged].sort((one, other) => (one.id < other.id ? -1 : 1))
  const byArea = groupBy(entries, ({ id }) => id.slice(0, 3))
  const sections = Object.entries(areas).flatMap(([area, title]) => [
    `## ${title} (${area})`,
    ...byArea[area]!.flatMap((entry) => entryLines(entry, convicts.get(entry.id) ?? [])),
  ])
  return `${[...heading(), ...sections].join('\n\n')}\n`
}

function heading(): string[] {
  return [
    '# Contracts',
    `${contracts.length} contracts, each a monitor over events, and ${unjudged.length} rules that no monitor of their own judges. ` +
      'This page is written by `npx hmm-conformance list --markdown > docs/contracts.md`.',
    '_Tested_ is how often, and in how many shapes of situation, the reference must have put a contract to the test in a campaign: below it the verdict is VACUOUS. ' +
      '_Hears_ are the functions whose calls and returns it follows, besides those of the facts that it uses. _Convicts_ are the planted defects that it must object to.',
  ]
}

function entryLines(entry: Contract | Unjudged, convicts: readonly string[]): string[] {
  const says = `### ${entry.id}\n\n${sentence(entry.says)}`
  const lines = 'on' in entry ? contractLines(entry, convicts) : unjudgedLines(entry)
  return [
    says,
    [...lines, ...entry.cites.map((cite) => `Source: ${sourceOf(cite)}`)]
      .map((line) => `- ${line}`)
      .join('\n'),
  ]
}

function contractLines(contract: Contract, convicts: readonly string[]): string[] {
  const { level, kind, binds, minimum, uses, on } = contract
  const heard = [...new Set(Object.keys(on).map((name) => heardSymbol(name).symbol))]
  const facts = Object.values(uses).map(({ name }) => name)
  return [
    `${level} ${kind}, binds ${binds}`,
    `Tested: ${minimum.exercised} times in ${shapes(minimum.witnesses)}`,
    `Hears: ${heard.map(code).join(', ')}${facts.length > 0 ? `; knows ${facts.join(', ')}` : ''}`,
    ...(convicts.length > 0 ? [`Convicts: ${convicts.map(code).join(', ')}`] : []),
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

const shapes = (count: number): string => (count === 1 ? '1 shape' : `${count} shapes`)
