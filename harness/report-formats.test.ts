import { formatted } from './report-formats'
import type { RunReport } from './report'

const counterexample = {
  token: 't',
  operations: 2,
  preemptions: 1,
  cause: ['HMM-23'],
  text: 'a\nb',
}
const report: RunReport = {
  ...{ implementation: 'mine', seed: 7, schedules: 100, exhausted: 1, repeated: 2, elapsedMs: 3 },
  contracts: [
    { id: 'HMM-01', verdict: 'PASS', exercised: 9, witnesses: 2 },
    { id: 'HMM-02', verdict: 'XFAIL', exercised: 9, witnesses: 2, counterexample },
    { id: 'HMM-23', verdict: 'FAIL', exercised: 9, witnesses: 2, counterexample },
    { id: 'LIF-25', verdict: 'UNOBSERVABLE', exercised: 0, witnesses: 0 },
  ],
  ends: [{ kind: 'crash', count: 1, says: 'crash: it <ended>' }],
  regressions: [],
}

test('KTAP: a suite, its areas, their contracts, and totals', () => {
  expect(formatted(report, 'ktap').split('\n')).toEqual([
    'KTAP version 1',
    '1..1',
    '  KTAP version 1',
    '  # Subtest: mine',
    '  1..3',
    '    KTAP version 1',
    '    # Subtest: HMM',
    '    1..3',
    '    ok 1 HMM-01',
    '    # a',
    '    # b',
    '    not ok 2 HMM-02 # XFAIL known',
    '    # a',
    '    # b',
    '    not ok 3 HMM-23',
    '  not ok 1 HMM',
    '    KTAP version 1',
    '    # Subtest: LIF',
    '    1..1',
    '    ok 1 LIF-25 # SKIP UNOBSERVABLE',
    '  ok 2 LIF',
    '  # 1 runs: crash: it <ended>',
    '  not ok 3 every run ends well',
    'not ok 1 mine',
    '# Totals: pass:1 fail:1 xfail:1 skip:1 total:4',
    '',
  ])
})

test('JSON lines: a header, what was judged, and a footer', () => {
  const lines = formatted(report, 'json').trimEnd().split('\n')
  const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types).toEqual(['header', ...Array(4).fill('contract'), 'end', 'footer'])
})

test('JUnit: what fails is a failure, what is open is skipped, and the text is quoted', () => {
  const xml = formatted(report, 'junit')
  expect(xml).toContain('<testsuites tests="5" failures="2" errors="0" skipped="2">')
  expect(xml).toContain('<![CDATA[a\nb]]>')
  expect(xml).toContain('message="crash: it &lt;ended>"')
})

test('Markdown: what fails comes first, and what could not be seen is said', () => {
  const text = formatted(report, 'markdown')
  expect(text.indexOf('### HMM-23')).toBeLessThan(text.indexOf('| HMM-01 |'))
  expect(text).not.toContain('### HMM-02')
  expect(text).toContain('Not observable: LIF-25')
})
