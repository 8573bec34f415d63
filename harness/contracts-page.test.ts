import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractsPage } from './contracts-page'
import { readEvidence } from './evidence'
import { contracts, mutantNames } from './registry'

const page = contractsPage()
const entries = new Map(
  page
    .split('\n### ')
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
)

test('docs/contracts.md is what the registry, the mutants and the evidence say', () => {
  expect(readFileSync(join(__dirname, '..', 'docs', 'contracts.md'), 'utf8')).toBe(page)
})

test('the evidence is of these contracts and these mutants', () => {
  const { run, matrix } = readEvidence()
  expect(run.contracts.map(({ id }) => id)).toEqual(contracts.map(({ id }) => id))
  expect(run.contracts.filter(({ verdict }) => verdict !== 'PASS')).toEqual([])
  expect(matrix.mutants.map(({ id }) => id)).toEqual(mutantNames())
})

test('every contract has an entry, with its level, its source, and what put it to the test', () => {
  for (const { id, level, cites } of contracts) {
    expect(entries.get(id)).toContain(`- ${level} `)
    for (const cite of cites) expect(entries.get(id)).toContain(`- Source: ${cite} `)
    expect(entries.get(id)).toMatch(/- Tested: at least .* times in .*; [\d,]+ times: /)
  }
})

test('every obligation that must be kept has a picture of a run to which it objects', () => {
  for (const { id, kind, level } of contracts)
    if (kind === 'obligation' && level === 'MUST')
      expect(entries.get(id)).toMatch(new RegExp(`\`\`\`\n[^\`]*^=> ${id}: [^\`]*^ +hmm1~`, 'm'))
})
