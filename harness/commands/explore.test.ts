import Ajv from 'ajv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '../fixtures/call'

const mutants = join(__dirname, '..', '..', 'fixtures', 'mutants')
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
    join(__dirname, '..', '..', 'docs', 'schemas', 'explore.schema.json'),
    'utf8',
  )
  const ajv = new Ajv()
  expect(ajv.validate(JSON.parse(schema) as object, report) || ajv.errors).toBe(true)
  expect(status).toBe(1)
  expect(report.classes).toBeNull()
  expect(report.failed.map(({ contract }) => contract)).toEqual(['MMN-01'])
})

const range_valid = join(
  ...[__dirname, '..', '..', 'fixtures', 'implementations', 'range-valid.js'],
)
const colliding = '1.1.gpu~device_fault_0/reclaim_0'

test('a program is explored schedule by schedule', async () => {
  const options = ['--contracts', 'HMM-23', '--preemptions', '1']
  const { status, stdout } = await call(
    ...['explore', colliding, ...options, '--', process.execPath, range_valid, 'boolean'],
  )
  expect(status).toBe(1)
  expect(stdout).toContain('=> HMM-23: hmm_range_valid(range:1) is true although')
  expect(stdout).toMatch(/^bounded: all \d+ schedules with at most 1 preemption; 1 contract, 1 of/m)
})

test('a program that is lost three times is not asked for the rest', async () => {
  const faulty = join(__dirname, '..', 'pipe', 'fixtures', 'faulty.js')
  const { status, stdout } = await call(
    ...[
      'explore',
      colliding,
      '--contracts',
      'HMM-23',
      '--',
      process.execPath,
      faulty,
      'crash',
      '0',
    ],
  )
  expect(status).toBe(1)
  expect(stdout).toContain('3 runs ended in crash: crash: it was ended by SIGSEGV')
  expect(stdout).toMatch(/^bounded: the first 3 schedules/m)
})

test.each([
  [
    'a command that cannot be started',
    [small, '--', 'no-such-command-at-all'],
    'the command no-such-command-at-all cannot be started',
  ],
  [
    'a program and a file',
    [small, '--implementation', 'mine.ts', '--', 'true'],
    'either --implementation or a command is judged, not both',
  ],
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
