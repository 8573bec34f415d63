/** A run's report as a page: what is broken, each root cause with its run, and a table of all contracts. */
import { escape } from 'lodash'
import type { RunReport } from '../report'
import { htmlPage } from './page'

/** `sections` are the runs, a root cause each. */
export function reportPage(report: RunReport, sections: readonly string[]): string {
  const { implementation, schedules, seed, contracts, ends } = report
  const failed = contracts.filter(({ verdict }) => verdict === 'FAIL').map(({ id }) => id)
  const verdict = failed.length === 0 ? 'No contract objects' : `${failed.join(', ')} object`
  const endItems = ends.map(
    ({ count, says }) => `<li>${count} runs did not end well: ${escape(says)}</li>`,
  )
  const summary = `<p>${escape(verdict)}; ${schedules} schedules, seed ${seed}.</p>
<ul>${endItems.join('\n')}</ul>`
  return htmlPage(implementation, [summary, ...sections, verdictTable(report)])
}

function verdictTable({ contracts }: RunReport): string {
  const rows = contracts.map(
    ({ id, verdict, exercised, witnesses }) =>
      `<tr><td>${escape(id)}</td><td class="${verdict}">${verdict}</td><td class="number">${exercised}</td><td class="number">${witnesses}</td></tr>`,
  )
  return `<section>
<h2>Contracts</h2>
<table class="verdicts">
<thead><tr><th>contract</th><th>verdict</th><th>exercised</th><th>witnesses</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</section>`
}
