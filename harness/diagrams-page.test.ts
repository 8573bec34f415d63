import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagramsPage } from './diagrams-page'
import { fixtureNames, readFixture } from './fixture'

const page = diagramsPage()

/** Drawings show what monitors hear, so they change with those. */
const withoutDrawings = (text: string) => text.replace(/```[^]*?```/g, '')

test('docs/diagrams.md is what the fixtures say, but for how runs are drawn', () => {
  const committed = readFileSync(join(__dirname, '..', 'docs', 'diagrams.md'), 'utf8')
  expect(withoutDrawings(committed)).toBe(withoutDrawings(page))
})

test('every fixture has a drawing, with a column for each task that does something', () => {
  const sections = page.split('\n## ').slice(1)
  expect(sections.length).toBe(fixtureNames(['documents']).length)
  for (const section of sections) {
    const { tasks } = readFixture(section.slice(0, section.indexOf(':')).toLowerCase())
    const drawing = /```\n([^]*?)```/.exec(section)![1]!
    for (const number of Object.keys(tasks).map((task) => task.slice('cpu'.length)))
      expect(drawing).toContain(`CPU ${number}`)
    for (const [first] of Object.values(tasks)) expect(drawing).toContain(`> ${first}`)
  }
})

test('diagrams come in the order of their numbers', () => {
  const numbers = [...page.matchAll(/^## A-(\d+)/gm)].map(([, number]) => Number(number))
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
})
