/** The command line with workers, in processes of its own. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judgeOf } from '../../spec/judge'
import { kernelObservingAll } from '../campaign'
import { foundFile } from '../found'
import { contractsWithIds } from '../registry'
import type { RunReport } from '../report'
import { schedulesPerShard } from '../shards'
import { foundIn, newFolder, start, started, written } from '../fixtures/started'
import { subjectFrom } from '../subject'
import { parseToken, replayStrictly } from '../token'

const root = join(__dirname, '..', '..')
const mutant = join(root, 'fixtures', 'mutants', 'munmap-without-a-pass.ts')

test('one worker and two find the same with one seed, and note each find before and after it is shrunk', async () => {
  const twoShards = String(schedulesPerShard + 1)
  const reportOf = async (workers: string) => {
    const cwd = newFolder()
    const { status, stdout, stderr } = await started(
      ...([cwd, 'run', '--implementation', mutant, '--contracts', 'MMN-01', '--json'] as const),
      ...(['--regressions', cwd, '--save-regressions'] as const),
      ...(['--budget', twoShards, '--seed', '11', '--workers', workers] as const),
    )
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    const saved = readdirSync(cwd).filter((file) => file.endsWith('.json'))
    return { stdout, found: foundIn(cwd), saved }
  }
  const [one, two] = await Promise.all([reportOf('1'), reportOf('2')])
  const steady = (stdout: string) => stdout.replace(/"elapsedMs": \d+/, '')
  expect(steady(two.stdout)).toBe(steady(one.stdout))
  expect(two.saved).toEqual(one.saved)
  const report = JSON.parse(one.stdout) as RunReport
  const failing = report.contracts.filter(({ verdict }) => verdict === 'FAIL')
  expect(failing).not.toEqual([])
  expect(one.saved).toHaveLength(failing.length)
  for (const { id, counterexample } of failing)
    for (const { found } of [one, two]) {
      const noted = found.filter(({ contract }) => contract === id)
      expect(noted.map(({ shrunk }) => shrunk)).toEqual([false, true])
      expect(noted[1]!.token).toBe(counterexample!.token)
    }
})

describe('what goes wrong in a worker before its first run is said in one sentence', () => {
  test.each([
    ['its thread ends', 'process.exit(3)', 70, 'a worker ended with exit code 3'],
    ['the implementation does not load', "throw new Error('no GPU here')", 64, 'no GPU here'],
  ])('%s', async (_what, statement, code, says) => {
    const file = written(
      'odd.js',
      `if (!require('node:worker_threads').isMainThread) ${statement}
      exports.patchSet = require(${JSON.stringify(mutant)}).patchSet`,
    )
    const cwd = dirname(file)
    const { status, stdout, stderr } = await started(
      ...([cwd, 'run', '--implementation', file, '--budget', '1', '--workers', '1'] as const),
    )
    expect({ status, stdout }).toEqual({ status: code, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(says)
    expect(readdirSync(cwd)).toEqual(['odd.js'])
  })
})

/** The mutant, which counts its tasks' ends, and whose runs do not come back once something is on disk. */
const stalling = (cwd: string) => `
  const { appendFileSync, existsSync } = require('node:fs')
  const { isMainThread } = require('node:worker_threads')
  const { replace } = require(${JSON.stringify(join(root, 'engine', 'symbol'))})
  const { mmdrop } = require(${JSON.stringify(join(root, 'spec', 'headers', 'mm'))})
  const { patchSet } = require(${JSON.stringify(mutant)})
  exports.patchSet = {
    patches: [
      ...patchSet.patches,
      replace(mmdrop, function* (mm) {
        while (!isMainThread && existsSync(${JSON.stringify(join(cwd, foundFile))}));
        if (!isMainThread) appendFileSync(${JSON.stringify(join(cwd, 'ends'))}, '.')
        yield* mmdrop.original(mm)
      }),
    ],
  }`

test('a campaign that is killed leaves what it has found before its next run, to be replayed', async () => {
  const cwd = newFolder()
  const file = written('stalling.js', stalling(cwd))
  const { child, ended } = start(
    ...([cwd, 'run', '--implementation', file, '--contracts', 'MMN-01', '--json'] as const),
    ...(['--regressions', cwd, '--seed', '11', '--workers', '1'] as const),
  )
  const found = join(cwd, foundFile)
  while (!existsSync(found) || !readFileSync(found, 'utf8').includes('\n')) await sleep(5)
  child.kill('SIGKILL')
  expect(await ended).toMatchObject({ signal: 'SIGKILL', stdout: '' })
  // A shard has more, as every run has two tasks at least.
  expect(readFileSync(join(cwd, 'ends')).length).toBeLessThan(2 * schedulesPerShard)
  const lines = foundIn(cwd)
  expect(lines).toMatchObject([{ implementation: 'stalling', contract: 'MMN-01', shrunk: false }])
  const replayable = parseToken(lines[0]!.token)
  const execution = replayStrictly(kernelObservingAll(subjectFrom(file).patches), replayable)
  const [finding] = judgeOf(contractsWithIds(['MMN-01'])).judge(execution.events)
  expect(finding!.objections).not.toEqual([])
})
