import Ajv from 'ajv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from './fixtures/call'

const mutants = join(__dirname, '..', 'fixtures', 'mutants')
const small = '1.0.kvm~close_kvm/kvm_read_0'

test('says how much there is, and calls exhaustive what leaves nothing out', async () => {
  const { status, stdout } = await call('explore', small)
  expect(status).toBe(0)
  expect(stdout).toMatch(/^about \d+ schedules, at least \d+ trace classes \(from 200 runs\)$/m)
  expect(stdout).toMatch(
    /^exhaustive: \d+ classes, \d+ executions; \d+ contracts, 0 of which object$/m,
  )
})

test.each([
  ['a cap', ['--cap', '3'], /^bounded: the first 3 classes, 3 executions;/m],
  ['a bound', ['--preemptions', '1'], /^bounded: all \d+ schedules with at most 1 preemption;/m],
  ['both', ['--preemptions', '1', '--cap', '2'], /^bounded: the first 2 schedules with at most 1/m],
])('%s leaves something out, and that is said', async (_what, args, says) => {
  const { status, stdout } = await call('explore', small, ...args)
  expect(status).toBe(0)
  expect(stdout).toMatch(says)
})

test('an implementation may hold state that nobody sees: its schedules are counted, not its classes', async () => {
  const mutant = join(mutants, 'munmap-without-a-pass.ts')
  const text = '1.1.gpu~munmap_0_1/cpu_read_0'
  const args = ['--implementation', mutant, '--contracts', 'MMN-01', '--preemptions', '0', '--json']
  const { status, stdout } = await call('explore', text, ...args)
  const report = JSON.parse(stdout) as { classes: null; failed: { contract: string }[] }
  const schema = readFileSync(
    join(__dirname, '..', 'docs', 'schemas', 'explore.schema.json'),
    'utf8',
  )
  const ajv = new Ajv()
  expect(ajv.validate(JSON.parse(schema) as object, report) || ajv.errors).toBe(true)
  expect(status).toBe(1)
  expect(report.classes).toBeNull()
  expect(report.failed.map(({ contract }) => contract)).toEqual(['MMN-01'])
})

test.each([
  ['a workload without tasks', ['1.1.gpu'], 'is no workload; one reads like'],
  [
    'a bound that is no number',
    [small, '--preemptions', 'x'],
    '--preemptions takes a number from 0',
  ],
])('%s is refused in a sentence', async (_what, args, says) => {
  const { status, stderr } = await call('explore', ...args)
  expect(status).toBe(64)
  expect(stderr).toContain(says)
})
