import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Ajv from 'ajv'
import { unjudged } from '../../spec/registry'
import { contracts } from '../registry'
import type { RunReport } from '../report'
import { call, empty } from '../fixtures/call'
import { started, written } from '../fixtures/started'

const mutants = join(__dirname, '..', '..', 'fixtures', 'mutants')
const schemas = join(__dirname, '..', '..', 'docs', 'schemas')

function schema(name: string) {
  const ajv = new Ajv({ keywords: ['volatile'] })
  return ajv.compile(
    JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), 'utf8')) as object,
  )
}

const engine = join(__dirname, '..', '..', 'engine', 'symbol').replaceAll('\\', '/')
const headers = join(__dirname, '..', '..', 'spec', 'headers', 'hmm').replaceAll('\\', '/')
const imports = `import { replace } from '${engine}'\nimport * as hmm from '${headers}'\n`

const fromMmap = join(__dirname, '..', '..', 'reference', 'mm', 'mmap')
const tellsNobody = `
  const { replace } = require(${JSON.stringify(engine)})
  const { unmap_vma_range, zap_pages } = require(${JSON.stringify(fromMmap)})
  exports.patchSet = {
    patches: [
      replace(unmap_vma_range, function* (vma, start, end) {
        yield* zap_pages(vma.vm_mm, start, end)
      }),
    ],
  }`

describe('what is wrong is said in one sentence, with exit code 64', () => {
  const wellFormed = 'hmm1~reference~1.1.gpu~device_fault_0~-~00000000'
  const cut = written('cut.json', '{ "title": "cut o')
  const cutRegressions = dirname(cut)
  const fixture = JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'fixtures', 'documents', 'a-29.json'), 'utf8'),
  ) as { schedule: string[] }
  const drifted = written(
    'drifted.json',
    JSON.stringify({ ...fixture, schedule: fixture.schedule.with(3, 'cpu0: something else') }),
  )
  const noSymbol = written(
    'no-symbol.ts',
    `${imports}export const patchSet = { patches: [{ slot: undefined, fn: () => 0 }] }`,
  )
  const wrongKind = written(
    'wrong-kind.ts',
    `${imports}export const patchSet = { patches: [replace(hmm.hmm_range_fault, (() => 0) as never)] }`,
  )
  const nothing = written('nothing.ts', 'export const other = 1')
  const idle = written('idle.ts', 'export const patchSet = { patches: [] }')
  const broken = written('broken.ts', 'export const patchSet = missing')

  test.each([
    ['an unknown contract', ['run', '--contracts', 'HMM-99'], 'HMM-99'],
    ['an unknown contract among known ones', ['run', '--contracts', 'HMM-*,XYZ-*'], 'XYZ-*'],
    ['no contract at all', ['run', '--contracts', ''], 'no contract is called ""'],
    ['an unknown option', ['run', '--budgets', '3'], '--budgets'],
    ['a budget that is no number', ['run', '--budget', 'much'], 'much'],
    ['an unknown command', ['judge'], 'judge'],
    ['an unknown fixture', ['show', 'a-99'], 'a-99'],
    ['an unknown fixture to export', ['show', 'a-99', '--export', 'kunit'], 'a-99'],
    ['an unknown form of export', ['show', 'a-29', '--export', 'foo'], 'litmus, kunit'],
    [
      'an export that is a page',
      ['show', 'a-29', '--export', 'litmus', '--html', 'run.html'],
      'choose one',
    ],
    [
      'an implementation file that is not there',
      ['run', '--implementation', 'nowhere.ts'],
      'nowhere.ts',
    ],
    ['an implementation without a patch set', ['run', '--implementation', nothing], 'nothing.ts'],
    ['an implementation that replaces nothing', ['run', '--implementation', idle], 'idle.ts'],
    ['an implementation that does not load', ['run', '--implementation', broken], 'broken.ts'],
    ['a patch that names no symbol', ['run', '--implementation', noSymbol], 'names no symbol'],
    ['a patch of the wrong kind', ['run', '--implementation', wrongKind], 'hmm_range_fault'],
    ['a token of another version', ['replay', 'hmm9~reference~1.1.gpu~exit~-~00000000'], 'hmm9'],
    ['a token that is cut off', ['replay', wellFormed.slice(0, 30)], wellFormed.slice(0, 30)],
    ['a token whose steps have changed', ['replay', wellFormed], '00000000'],
    [
      'a token with an unknown operation',
      ['replay', wellFormed.replace('device_fault', 'fly')],
      'fly_0',
    ],
    ['a fixture whose labels no longer match', ['replay', drifted], 'something else'],
    ['a fixture that is cut off', ['replay', cut], 'cut.json'],
    ['workers that are no number', ['run', '--workers', 'all'], 'all'],
    ['a regression that is cut off', ['run', '--regressions', cutRegressions], 'cut.json'],
    ['an unknown mutant', ['mutants', 'nobody'], 'nobody'],
  ])('%s', async (_what, args, names) => {
    const { status, stdout, stderr } = await call(...args)
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(names)
    expect(readdirSync(empty)).toEqual([])
  })
})

test('run --json keeps to its schema, and two processes with one seed write the same but for what is volatile', async () => {
  const args = ['run', '--budget', '100', '--seed', '7', '--contracts', 'HMM-*,MMN-03', '--json']
  const other = started(empty, ...args)
  const outputs = [(await call(...args)).stdout, (await other).stdout]
  const [first, second] = outputs.map((stdout) => JSON.parse(stdout) as { elapsedMs?: number })
  const valid = schema('run')
  expect(valid(first) || valid.errors).toBe(true)
  delete first!.elapsedMs
  delete second!.elapsedMs
  expect(JSON.stringify(second)).toBe(JSON.stringify(first))
})

test('an implementation that breaks a rule is convicted, with a token that replays to the same', async () => {
  const file = written('tells-nobody.js', tellsNobody)
  const { status, stdout } = await call(
    ...['run', '--implementation', file, '--contracts', 'MMN-01', '--regressions', empty],
    ...['--budget', '200', '--seed', '11', '--workers', '1', '--json'],
  )
  const [{ verdict, counterexample }] = (
    JSON.parse(stdout) as {
      contracts: [{ verdict: string; counterexample: { token: string; text: string } }]
    }
  ).contracts
  expect({ status, verdict }).toEqual({ status: 1, verdict: 'FAIL' })
  const replayed = await call('replay', counterexample.token, '--implementation', file)
  expect(replayed.status).toBe(1)
  const picture = counterexample.text.split('=>')[0]!
  expect(replayed.stdout).toContain(picture)
})

test('known counterexamples are tried before the campaign, and noted', async () => {
  const { status, stdout } = await call(
    ...['run', '--implementation', join(mutants, 'boolean-valid.ts'), '--contracts', 'HMM-23'],
    ...['--budget', '1', '--seed', '1', '--json'],
  )
  const { contracts, regressions, schedules } = JSON.parse(stdout) as RunReport
  expect({ status, schedules }).toEqual({ status: 1, schedules: 1 })
  expect(contracts).toMatchObject([{ id: 'HMM-23', verdict: 'FAIL', counterexample: {} }])
  expect(regressions.filter(({ objections }) => objections.length > 0)).toHaveLength(1)
  const noted = readFileSync(join(empty, '.hmm-conformance', 'found.jsonl'), 'utf8')
  expect(JSON.parse(noted.trimEnd().split('\n').at(-1)!)).toMatchObject({
    ...{ implementation: 'boolean-valid', contract: 'HMM-23', shrunk: true },
    token: contracts[0]!.counterexample!.token,
  })
})

test('list --json keeps to its schema and holds every contract', async () => {
  const { status, stdout } = await call('list', '--json')
  const listed = JSON.parse(stdout) as {
    contracts: { id: string; mutants: string[]; kind: string }[]
    unjudged: { id: string }[]
  }
  const valid = schema('list')
  expect(status).toBe(0)
  expect(valid(listed) || valid.errors).toBe(true)
  expect(listed.contracts.map(({ id }) => id)).toEqual(contracts.map(({ id }) => id))
  expect(listed.unjudged.map(({ id }) => id)).toEqual(unjudged.map(({ id }) => id))
  const toothless = listed.contracts.filter(
    ({ kind, mutants }) => kind === 'obligation' && mutants.length === 0,
  )
  expect(toothless).toEqual([])
})

test('the demo fits on a page', async () => {
  const { status, stdout } = await call('demo', '--seed', '5')
  expect(status).toBe(0)
  const picture = stdout.slice(stdout.indexOf('CPU 0')).trimEnd().split('\n')
  expect(picture.length).toBeLessThanOrEqual(25)
  expect(Math.max(...picture.map((line) => line.length))).toBeLessThanOrEqual(78)
  expect(stdout).toMatch(/HMM-23/)
  expect(stdout).toMatch(/ [0-3] operations, [01] preemption/)
})

test('the program is a file of its own, and its exit code is what it says', async () => {
  const [help, wrong] = [['--help'], ['run', '--contracts', 'HMM-99']]
  const ended = await Promise.all([started(empty, ...help), started(empty, ...wrong)])
  expect(ended[0]).toMatchObject({ status: 0, stderr: '' })
  expect(ended[1]).toMatchObject({ status: 64, stdout: '' })
})

test('a budget may be a time: whole shards are run until it is over', async () => {
  const some = ['run', '--contracts', 'BLK-01', '--seed', '5', '--workers', '1', '--json']
  const timed = await call(...some, '--budget', '1s')
  const { schedules, elapsedMs } = JSON.parse(timed.stdout) as RunReport
  expect(timed.status).not.toBe(1)
  expect(elapsedMs).toBeGreaterThanOrEqual(1_000)
  expect(schedules % 1_000).toBe(0)
  const counted = await call(...some, '--budget', String(schedules))
  expect(JSON.parse(counted.stdout)).toEqual({
    ...(JSON.parse(timed.stdout) as RunReport),
    elapsedMs: expect.any(Number),
  })
  for (const budget of ['10x', '0m', 'm', '1.5h']) {
    const { status, stderr } = await call(...some, '--budget', budget)
    expect([status, stderr]).toEqual([64, expect.stringMatching(/--budget takes a whole number/)])
  }
})
