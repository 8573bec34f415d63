/** Implementations that never end, die, corrupt, hoard or leave: each is a verdict, and the campaign goes on. */
import { join } from 'node:path'
import Ajv from 'ajv'
import { readFileSync } from 'node:fs'
import { isEqual, range } from 'lodash'
import { replace } from '../../engine/symbol'
import { hmm_range_valid } from '../../spec/headers/hmm'
import { runCampaign } from '../campaign'
import type { BadEnd } from '../ends'
import type { RunReport } from '../report'
import { crashesMax, shardsOf } from '../shards'
import { foundIn, newFolder, started, written } from '../fixtures/started'
import { parseToken } from '../token'

const root = join(__dirname, '..', '..')
const schedules = 60
/** Of the first runs, the second alone does not call what is replaced below. */
const seed = range(1, 1_000).find((candidate) => isEqual(callersUnder(candidate), [1, 3, 4]))!

/** Which of the first four runs under a seed take a fault to its end, from 1. */
function callersUnder(candidate: number): number[] {
  let run = 0
  const callers = new Set<number>()
  const counted = replace(hmm_range_valid, (range) => {
    callers.add(run)
    return hmm_range_valid.original(range)
  })
  runCampaign({
    ...{ contracts: [], patches: [counted] },
    ...shardsOf(candidate, 4)[0]!,
    begin: (_run, choice) => {
      run++
      return choice
    },
  })
  return [...callers]
}
const schema = join(root, 'docs', 'schemas', 'run.schema.json')
const isValid = new Ajv({ keywords: ['volatile'] }).compile(
  JSON.parse(readFileSync(schema, 'utf8')) as object,
)

/** An implementation that puts `fn` in the place of a function of HMM. */
function implementation(name: string, symbol: string, fn: string): string {
  const modules = { symbol: 'engine/symbol', task: 'engine/task', hmm: 'spec/headers/hmm' }
  const imports = Object.entries(modules).map(
    ([key, path]) => `const ${key} = require(${JSON.stringify(join(root, path))})`,
  )
  return written(
    `${name}.js`,
    [...imports, `exports.patchSet = { patches: [symbol.replace(hmm.${symbol}, ${fn})] }`].join(
      '\n',
    ),
  )
}

/** Only where a run does not come back is it worth while to lose patience. */
async function judged(file: string, budget: number, runTimeout: number) {
  const cwd = newFolder()
  const { status, stdout, stderr } = await started(
    ...([cwd, 'run', '--implementation', file, '--contracts', 'HMM-23', '--json'] as const),
    ...(['--budget', String(budget), '--seed', String(seed), '--workers', '1'] as const),
    ...(['--regressions', cwd, '--run-timeout', String(runTimeout)] as const),
  )
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
  const report = JSON.parse(stdout) as RunReport
  expect(isValid(report) || isValid.errors).toBe(true)
  return { report, found: foundIn(cwd) }
}

const hoard = 'kept.push(new Array(100_000).fill(0.5))'

interface Bad {
  /** What it replaces, and by what. */
  readonly symbol: string
  readonly fn: string
  readonly ends: BadEnd
  readonly says: string
  /** Two, where every run that is lost takes seconds: the first is lost, the second goes well. */
  readonly budget?: number
}

const kinds: Record<string, Bad> = {
  'is livelocked': {
    symbol: 'hmm_range_fault',
    fn: `function* () { for (;;) yield* task.point('again') }`,
    ends: 'livelock',
    says: 'the same steps under a fair schedule',
  },
  throws: {
    symbol: 'hmm_range_valid',
    fn: `() => { throw new Error('no idea') }`,
    ends: 'oops',
    says: 'no idea',
  },
  'corrupts its own state': {
    symbol: 'hmm_range_unregister',
    fn: `function* (range) { Object.assign(range.hmm, { ranges: 7, kref: null }) }`,
    ends: 'oops',
    says: 'Cannot read properties of null',
  },
  'allocates between points': {
    symbol: 'hmm_range_fault',
    fn: `function* () { for (const kept = []; ; ${hoard}) yield* task.point('keep') }`,
    ends: 'crash',
    says: 'its runs use more than 64 MB of memory',
  },
  'allocates without points': {
    symbol: 'hmm_range_valid',
    fn: `() => { for (const kept = []; ; ) ${hoard} }`,
    ends: 'crash',
    says: 'out of memory',
    budget: 2,
  },
  'loops without points': {
    symbol: 'hmm_range_valid',
    fn: '() => { for (;;); }',
    ends: 'hang',
    says: 'did not come back within 2 seconds',
    budget: 2,
  },
  leaves: {
    symbol: 'hmm_range_valid',
    fn: '() => process.exit(3)',
    ends: 'crash',
    says: 'ended with exit code 3',
  },
}

test.each(Object.entries(kinds))('an implementation that %s', async (_does, bad) => {
  const budget = bad.budget ?? schedules
  const file = implementation('bad', bad.symbol, bad.fn)
  const { report, found } = await judged(file, budget, bad.ends === 'hang' ? 2 : 60)
  const end = report.ends.find(({ kind }) => kind === bad.ends)!
  expect(end.says).toContain(bad.says)
  expect(parseToken(end.token!)).toMatchObject({ boot: 'bad' })
  expect(found).toContainEqual({
    ...{ implementation: 'bad', seed, end: bad.ends, shrunk: false, token: end.token },
  })
  // Runs that take their worker with them are put up with, but not for ever.
  const isOverEarly = bad.ends === 'crash' && budget === schedules
  if (isOverEarly) {
    expect(end.count).toBe(crashesMax)
    expect(report.schedules).toBeLessThan(budget)
  } else expect(report.schedules).toBe(budget)
})

test('a token of a run that is lost says so again', async () => {
  const file = implementation('bad', 'hmm_range_valid', '() => process.exit(3)')
  const token = 'hmm1~bad~1.1.gpu~device_fault_0~-~ffffffff'
  const { status, stdout } = await started(newFolder(), 'replay', token, '--implementation', file)
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout: '=> crash: its worker ended with exit code 3\n',
  })
})
