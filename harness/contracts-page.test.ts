import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractsPage } from './contracts-page'
import { contracts } from './registry'

test('docs/contracts.md is what the registry and the mutants say', () => {
  const committed = readFileSync(join(__dirname, '..', 'docs', 'contracts.md'), 'utf8')
  expect(committed).toBe(contractsPage())
})

test('every contract has an entry, with its level and its source', () => {
  const entries = new Map(
    contractsPage()
      .split('\n### ')
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text]),
  )
  for (const { id, level, cites } of contracts) {
    expect(entries.get(id)).toContain(`- ${level} `)
    for (const cite of cites) expect(entries.get(id)).toContain(`- Source: ${cite} `)
  }
})
