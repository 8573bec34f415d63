/** A run's report in formats for machines, all from the same data. */
import { groupBy, pick } from 'lodash'
import junitReport from 'junit-report-builder'
import type { ContractReport, RunReport } from './report'

export const formats = ['json', 'ktap', 'junit', 'markdown', 'html'] as const
export type Format = (typeof formats)[number]

/** All but pages, for which runs are drawn (`html/report-page.ts`). */
export function formatted(report: RunReport, format: Exclude<Format, 'html'>): string {
  switch (format) {
    case 'json':
      return jsonLines(report)
    case 'ktap':
      return ktap(report)
    case 'junit':
      return junit(report)
    case 'markdown':
      return markdown(report)
  }
}

const areaOf = ({ id }: ContractReport): string => id.split('-')[0]!
const isBad = ({ verdict }: ContractReport): boolean =>
  verdict === 'FAIL' || verdict === 'NONDETERMINISTIC'
/** What says neither that the contract is kept nor that it is broken. */
const isOpen = ({ verdict }: ContractReport): boolean =>
  verdict === 'VACUOUS' || verdict === 'UNOBSERVABLE' || verdict === 'SKIP'

/** A header, a line for each contract and each bad end, and a footer: without one the report is not whole. */
function jsonLines({ contracts, ends, ...rest }: RunReport): string {
  const lines = [
    { type: 'header', version: 1, ...pick(rest, 'implementation', 'profile', 'seed') },
    ...contracts.map((contract) => ({ type: 'contract', ...contract })),
    ...ends.map((end) => ({ type: 'end', ...end })),
    { type: 'footer', schedules: rest.schedules, contracts: contracts.length, ends: ends.length },
  ]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** KTAP version 1: a suite, in it the areas, in each its contracts; then how runs ended. */
function ktap(report: RunReport): string {
  const areas = Object.entries(groupBy(report.contracts, areaOf))
  const lines = [`1..${areas.length + 1}`]
  areas.forEach(([area, contracts], i) => {
    lines.push('  KTAP version 1', `  # Subtest: ${area}`, `  1..${contracts.length}`)
    contracts.forEach((contract, n) => {
      for (const line of contract.counterexample?.text.split('\n') ?? []) lines.push(`  # ${line}`)
      lines.push(`  ${ktapResult(contract, n + 1)}`)
    })
    lines.push(`${contracts.some(isBad) ? 'not ok' : 'ok'} ${i + 1} ${area}`)
  })
  for (const { count, says } of report.ends) lines.push(`# ${count} runs: ${says}`)
  const number = areas.length + 1
  lines.push(`${report.ends.length > 0 ? 'not ok' : 'ok'} ${number} every run ends well`)
  const isWell = report.ends.length === 0 && !report.contracts.some(isBad)
  const nested = lines.map((line) => `  ${line}`)
  const name = report.implementation
  return [
    ...['KTAP version 1', '1..1', '  KTAP version 1', `  # Subtest: ${name}`, ...nested],
    ...[`${isWell ? 'ok' : 'not ok'} 1 ${name}`, `# ${totals(report)}`, ''],
  ].join('\n')
}

function ktapResult(contract: ContractReport, number: number): string {
  const { id, verdict } = contract
  if (verdict === 'XFAIL') return `not ok ${number} ${id} # XFAIL known`
  if (verdict === 'SKIP') return `ok ${number} ${id} # SKIP not in the profile`
  if (isOpen(contract)) return `ok ${number} ${id} # SKIP ${verdict}`
  return `${isBad(contract) ? 'not ok' : 'ok'} ${number} ${id}`
}

function totals({ contracts }: RunReport): string {
  const count = (is: (contract: ContractReport) => boolean) => contracts.filter(is).length
  const known = count(({ verdict }) => verdict === 'XFAIL')
  const passed = count(({ verdict }) => verdict === 'PASS' || verdict === 'WARN')
  return `Totals: pass:${passed} fail:${count(isBad)} xfail:${known} skip:${count(isOpen)} total:${contracts.length}`
}

function junit(report: RunReport): string {
  const builder = junitReport.newBuilder()
  for (const [area, contracts] of Object.entries(groupBy(report.contracts, areaOf))) {
    const suite = builder.testSuite().name(area)
    for (const contract of contracts) {
      const test = suite.testCase().className(`${report.implementation}.${area}`).name(contract.id)
      if (isBad(contract))
        test
          .failure(`${contract.id} is broken`, contract.verdict)
          .stacktrace(contract.counterexample?.text ?? 'no smallest run')
      else if (contract.verdict !== 'PASS' && contract.verdict !== 'WARN') test.skipped()
      if (contract.verdict !== 'PASS') test.standardOutput(contract.verdict)
    }
  }
  const suite = builder.testSuite().name('runs')
  const test = suite.testCase().className(`${report.implementation}.runs`).name('end well')
  if (report.ends.length > 0) test.failure(report.ends.map(({ says }) => says).join('\n'))
  return builder.build()
}

/** For the summary of a CI run: what fails comes first. */
function markdown(report: RunReport): string {
  const { implementation, schedules, seed, contracts, ends } = report
  const failed = contracts.filter(isBad)
  const warned = contracts.filter(({ verdict }) => verdict === 'WARN')
  const unobservable = contracts.filter(({ verdict }) => verdict === 'UNOBSERVABLE')
  return [
    `## ${implementation}: ${failed.length + ends.length === 0 ? 'no contract objects' : `${failed.length} contracts object`}`,
    '',
    `${schedules} schedules, seed ${seed}. ${totals(report)}`,
    '',
    ...failed.flatMap(({ id, counterexample }) => [
      ...[
        `### ${id}`,
        '',
        '```',
        ...(counterexample?.text.split('\n') ?? ['no smallest run']),
        '```',
        '',
      ],
    ]),
    ...ends.map(({ count, says }) => `- ${count} runs did not end well: ${says}`),
    ...(warned.length > 0
      ? [`Should be kept, and is not: ${warned.map(({ id }) => id).join(', ')}`, '']
      : []),
    ...(unobservable.length > 0
      ? [`Not observable: ${unobservable.map(({ id }) => id).join(', ')}`, '']
      : []),
    '| contract | verdict | exercised | witnesses |',
    '| --- | --- | ---: | ---: |',
    ...contracts.map(
      ({ id, verdict, exercised, witnesses }) =>
        `| ${id} | ${verdict} | ${exercised} | ${witnesses} |`,
    ),
    '',
  ].join('\n')
}
