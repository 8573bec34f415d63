import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { contracts, unjudged } from '../spec/registry'
import sources from '../spec/sources.json'
import { fixtureNames, readFixture } from './fixture'
import { operationFixtures } from './operation-fixture'
import { mutant, mutantNames } from './registry'

const documents: Readonly<Record<string, { title: string; lines: number }>> = sources.documents

/** What is wrong with a citation such as `000:12-14`, or null. */
function fault(cite: string): string | null {
  const match = /^(\d{3}):(\d+)(?:-(\d+))?$/.exec(cite)
  if (!match) return `${cite} is no citation`
  const [, document, first, last = first] = match as unknown as [string, string, string, string?]
  const lines = documents[document]?.lines
  if (lines === undefined) return `${cite} names no document`
  if (Number(first) < 1 || Number(last) < Number(first) || Number(last) > lines)
    return `${cite} lies outside its document`
  const holders = sources.messages.filter(
    (message) =>
      message.document === document &&
      message.first <= Number(first) &&
      Number(first) <= message.last,
  )
  return holders.length === 1 ? null : `${cite} belongs to ${holders.length} messages`
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
}

test('messages lie one behind the other and cover their documents', () => {
  for (const [document, { lines }] of Object.entries(documents)) {
    let next = 1
    for (const message of sources.messages.filter((candidate) => candidate.document === document)) {
      expect(message.first).toBe(next)
      expect(message.author).not.toBe('')
      expect(message.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      next = message.last + 1
    }
    expect(next).toBe(lines + 1)
  }
})

test('a citation that resolves to nothing is told apart', () => {
  expect(fault('000:1-2')).toBeNull()
  expect(fault('009:1')).not.toBeNull()
  expect(fault('004:100-900')).not.toBeNull()
})

test.each(contracts.map(({ id, cites }) => [id, cites] as const))(
  '%s cites lines that exist',
  (_id, cites) => {
    expect(cites.length).toBeGreaterThan(0)
    expect(cites.map(fault).filter(Boolean)).toEqual([])
  },
)

test('a rule without a monitor is another one by its name, or says why, and cites lines that exist', () => {
  const ids = new Set(contracts.map(({ id }) => id))
  for (const { id, sameAs, excluded, cites } of unjudged) {
    expect(ids.has(id)).toBe(false)
    expect(cites.map(fault).filter(Boolean)).toEqual([])
    if (sameAs === undefined) expect(excluded).toMatch(/\w/)
    else expect(ids.has(sameAs)).toBe(true)
  }
})

test('every mutant and every fixture cites lines that exist', () => {
  const cites = [
    ...mutantNames().map(mutant),
    ...fixtureNames().map(readFixture),
    ...operationFixtures(),
  ].flatMap((one) => one.cites)
  expect(cites.map(fault).filter(Boolean)).toEqual([])
})

test.each(['reference', join('spec', 'headers')])(
  'comments of %s cite lines that exist',
  (folder) => {
    const cites = sourceFiles(join(__dirname, '..', folder)).flatMap(
      (file) => readFileSync(file, 'utf8').match(/\b00\d:\d+(-\d+)?\b/g) ?? [],
    )
    expect(cites.length).toBeGreaterThan(20)
    expect(cites.map(fault).filter(Boolean)).toEqual([])
  },
)
