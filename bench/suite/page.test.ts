import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demands } from './demands'
import { pageOf } from './page'
import { schema, type Performance } from './performance'
import { benches } from './plan'

const docs = join(__dirname, '..', '..', 'docs')
const performance = JSON.parse(readFileSync(join(docs, 'performance.json'), 'utf8')) as Performance

test('the page is the one that its figures render to', () => {
  expect(performance.schema).toBe(schema)
  expect(readFileSync(join(docs, 'performance.md'), 'utf8')).toBe(pageOf(performance))
})

test('every bench says what it took and how busy the machine was', () => {
  for (const { name } of benches) {
    const taken = performance.benches[name]!
    expect(['full', 'quick']).toContain(taken.size)
    expect(taken.seconds).toBeGreaterThan(0)
    expect(taken.load).toHaveLength(3)
  }
})

test.each(demands.map((demand) => [demand.id, demand] as const))(
  '%s has a measured figure, and none without its bench',
  (_id, { measured, bench }) => {
    expect(measured(performance)?.text).toMatch(/\d|not installed/)
    expect(measured(performance)?.text).not.toMatch(/NaN|undefined|null|Infinity/)
    const { [bench]: _left, ...without } = performance.benches
    expect(measured({ ...performance, benches: without })).toBeNull()
  },
)

test('a demand is not met by figures that fall short of it', () => {
  const { exhaustive } = performance.benches
  const models = exhaustive!.figures.models.map((one) => ({
    ...one,
    executions: one.executions * 2,
  }))
  const figures = { ...exhaustive!.figures, models }
  const short = {
    ...performance,
    benches: { ...performance.benches, exhaustive: { ...exhaustive!, figures } },
  }
  const executions = demands.find(({ id }) => id === 'exhaustive-executions')!
  expect(executions.measured(performance)?.met).toBe(true)
  expect(executions.measured(short)?.met).toBe(false)
})
