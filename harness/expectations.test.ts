import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { complaints, expecting, outcomesOf, readExpectations, updated } from './expectations'
import type { ContractReport, RunReport } from './report'

const token = 'hmm1~reference~1.1.gpu~device_fault_0/reclaim_0~8.1~94492ed3'
const otherToken = 'hmm1~reference~1.1.gpu~device_fault_0/reclaim_0~0.1~94492ed3'

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'hmm-conformance-')), 'expectations')
  writeFileSync(file, text)
  return file
}

const failing = (id: string, found: string): ContractReport => ({
  ...{ id, verdict: 'FAIL', exercised: 1, witnesses: 1 },
  counterexample: { token: found, operations: 2, preemptions: 1, cause: [id], text: '' },
})
const passing = (id: string): ContractReport => ({
  ...{ id, verdict: 'PASS', exercised: 1, witnesses: 1 },
})
const reportWith = (...contracts: ContractReport[]): RunReport => ({
  ...{ implementation: 'mine', seed: 1, schedules: 1, exhausted: 0, repeated: 0, elapsedMs: 0 },
  ...{ contracts, ends: [], regressions: [] },
})
const text = `# known\nHMM-23 why="one boolean" bug=b/1 replay=${token}\n`

test('an entry has a contract, a reason, a bug and the run that shows it', () => {
  expect(readExpectations(fileWith(text))).toEqual([
    { line: 2, pattern: 'HMM-23', why: 'one boolean', bug: 'b/1', replay: token },
  ])
})

test.each([
  ['HMM-23 why=boolean', /line 1 of .* has no replay=; copy the token/],
  ['HMM-23 what=this', /line 1 of .* is no expectation; one reads like/],
  ['HMM-23 replay=hmm1~cut', /is cut off or damaged/],
])('%s is refused in a sentence', (line, says) => {
  expect(() => readExpectations(fileWith(line))).toThrow(says)
})

/** What a report becomes, and what is said of the file. */
function judged(report: RunReport, objections: readonly string[]) {
  const entries = readExpectations(fileWith(text))
  const outcomes = outcomesOf(entries, [{ id: 'expectation 2', objections }], report)
  const verdicts = expecting(report, outcomes).contracts.map(({ verdict }) => verdict)
  return { verdicts, says: complaints('known.txt', outcomes), outcomes }
}

test('what fails as expected is expected, whoever it was met on', () => {
  const met = token.replace('reference', 'mine')
  const { verdicts, says } = judged(reportWith(failing('HMM-23', met)), ['HMM-23'])
  expect(verdicts).toEqual(['XFAIL'])
  expect(says).toEqual([])
})

test('the same contract broken by another run is a failure, and so is another contract', () => {
  const report = reportWith(failing('HMM-23', otherToken), failing('HMM-02', token))
  expect(judged(report, ['HMM-23', 'HMM-02']).verdicts).toEqual(['FAIL', 'FAIL'])
})

test('a run that passes now is stale, and a contract that nobody judges matches nothing', () => {
  expect(judged(reportWith(passing('HMM-23')), []).says).toEqual([
    'known.txt:2: STALE: the run that HMM-23 is expected to fail passes; --update-expectations takes the line out',
  ])
  expect(judged(reportWith(passing('HMM-02')), []).says[0]).toContain('UNMATCHED')
})

test('a file that is brought up to date keeps its comments', () => {
  const report = reportWith(passing('HMM-23'), failing('HMM-02', otherToken))
  const { outcomes } = judged(report, [])
  expect(updated(text, outcomes, report)).toBe(`# known\nHMM-02 why="" replay=${otherToken}\n`)
})
