/** What a page of a run shows: every call once, every objection, and what the prose speaks of. */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countBy, sum } from 'lodash'
import { fixtureNames } from '../fixture'
import { main } from '../cli'
import { replay } from '../replay'
import { contracts } from '../registry'
import { storyLinesMax } from '../story'
import { judgeOf } from '../../spec/judge'
import { htmlPage } from './page'
import { reportPage } from './report-page'
import { runSection } from './section'
import { timelineTable } from './timeline'

const sectionOf = (name: string) => {
  const { execution } = replay(name, {})
  const run = { execution, contracts, insight: null, claim: 'replayed', token: null }
  return { execution, html: runSection(run) }
}

test.each(fixtureNames())('%s: every call, and the first objection of each contract', (name) => {
  const { execution, html } = sectionOf(name)
  const rows = html.match(/<td class="(event|operation)"/g)!.length
  const calls = execution.events.filter(({ task, phase }) => task >= 0 && phase === 'call').length
  const late = execution.events.filter(
    ({ task, phase, entry, at }) => task >= 0 && phase === 'return' && entry !== at - 1,
  ).length
  expect(rows).toBe(calls + late)
  const findings = judgeOf(contracts).judge(execution.events)
  const objecting = contracts.filter((_, i) => findings[i]!.objections.length > 0)
  const shown = [...html.matchAll(/<tr class="level0 objection">.*?<b>(.*?)<\/b>/g)]
  expect(shown.map(([, id]) => id).sort()).toEqual(objecting.map(({ id }) => id).sort())
})

test.each(fixtureNames())('%s: what is seen first is short, and not all', (name) => {
  const { html } = sectionOf(name)
  const levels = countBy(html.match(/<tr class="level\d/g))
  const objections = html.match(/objection">/g)?.length ?? 0
  // A call that others came into has a row for its return too.
  expect(levels['<tr class="level0']).toBeLessThanOrEqual(2 * (storyLinesMax + objections))
  expect(levels['<tr class="level2']).toBeGreaterThan(0)
})

test('steps that the prose speaks of are marked once, with the curve beside them', () => {
  const { execution } = replay('a-1', {})
  const shares = execution.steps.map((_, i) => i / execution.steps.length)
  const none = { story: new Set<string>(), known: new Set<string>() }
  const table = timelineTable({ execution, until: 0, objections: [], shares, named: [3] }, none)
  expect(table.match(/<td class="named">3<\/td>/g)).toHaveLength(1)
  expect(
    sum([...table.matchAll(/<b>(\d+) %<\/b>/g)].map(([, share]) => Number(share))),
  ).toBeGreaterThan(0)
  expect(table.match(/<tr class="level0/g)).toHaveLength(1)
})

test('what comes from outside is text on the page', () => {
  expect(htmlPage('<script>', [])).not.toContain('<script>')
})

test('show writes a page, in a folder that it makes', async () => {
  const folder = join(tmpdir(), `page-${process.pid}`)
  const file = join(folder, 'deep', 'a-1.html')
  const said = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  expect(await main(['show', 'a-1', '--html', file])).toBe(0)
  expect(said).toHaveBeenCalledWith(`written: ${file}`)
  expect(readFileSync(file, 'utf8')).toContain('<table class="timeline">')
  said.mockRestore()
  rmSync(folder, { recursive: true })
})

test('a page of a report: what objects, each run, every verdict', () => {
  const report = {
    ...{ implementation: 'mine', seed: 7, schedules: 9, exhausted: 0, repeated: 1, elapsedMs: 3 },
    contracts: [
      { id: 'HMM-02', verdict: 'FAIL' as const, exercised: 5, witnesses: 2 },
      { id: 'HMM-03', verdict: 'PASS' as const, exercised: 6, witnesses: 1 },
    ],
    ends: [{ kind: 'crash' as const, count: 1, says: 'crash: it <ended>' }],
    regressions: [],
  }
  const page = reportPage(report, ['<section>drawn</section>'])
  expect(page).toContain('HMM-02 object; 9 schedules, seed 7.')
  expect(page).toContain('<section>drawn</section>')
  expect(page).toContain('1 runs did not end well: crash: it &lt;ended&gt;')
  expect(page).toMatch(/<td>HMM-03<\/td><td class="PASS">PASS<\/td><td class="number">6<\/td>/)
})
