/** The command line with several workers, in processes of its own. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { judgeOf } from '../spec/judge'
import { kernelObservingAll } from './campaign'
import type { FoundLine } from './found'
import { contractsWithIds } from './registry'
import type { RunReport } from './report'
import { subjectFrom } from './subject'
import { parseToken, replayStrictly } from './token'

const program = join(__dirname, '..', 'bin', 'hmm-conformance.js')
const mutants = join(__dirname, '..', 'fixtures', 'mutants')
const folder = () => mkdtempSync(join(tmpdir(), 'hmm-conformance-'))

function run(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [program, 'run', ...args], { cwd, encoding: 'utf8' })
}

function foundIn(cwd: string): FoundLine[] {
  const text = readFileSync(join(cwd, '.hmm-conformance', 'found.jsonl'), 'utf8')
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n')
  return lines.map((line) => JSON.parse(line) as FoundLine)
}

test('one worker and two find the same with one seed, and note each find before and after it is shrunk', () => {
  const mutant = join(mutants, 'boolean-valid.ts')
  const reportOf = (workers: string) => {
    const cwd = folder()
    const { status, stdout, stderr } = run(
      ...([cwd, '--implementation', mutant, '--contracts', 'HMM-*', '--json'] as const),
      ...(['--regressions', cwd, '--save-regressions'] as const),
      ...(['--budget', '1100', '--seed', '11', '--workers', workers] as const),
    )
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    const saved = readdirSync(cwd).filter((file) => file.endsWith('.json'))
    return { stdout, found: foundIn(cwd), saved }
  }
  const [one, two] = [reportOf('1'), reportOf('2')]
  const steady = (stdout: string) => stdout.replace(/"elapsedMs": \d+/, '')
  expect(steady(two.stdout)).toBe(steady(one.stdout))
  expect(two.saved).toEqual(one.saved)
  const report = JSON.parse(one.stdout) as RunReport
  const failing = report.contracts.filter(({ verdict }) => verdict === 'FAIL')
  expect(one.saved).toHaveLength(failing.length)
  for (const { id, counterexample } of failing) {
    const noted = one.found.filter(({ contract }) => contract === id)
    expect(noted.map(({ shrunk }) => shrunk)).toEqual([false, true])
    expect(noted[1]!.token).toBe(counterexample!.token)
  }
})

describe('what goes wrong in a worker is said in one sentence', () => {
  test.each([
    ['its thread ends', 'process.exit(3)', 70, 'a worker ended with exit code 3'],
    ['the implementation does not load', "throw new Error('no GPU here')", 64, 'no GPU here'],
  ])('%s', (_what, statement, code, says) => {
    const cwd = folder()
    const text = `import { isMainThread } from 'node:worker_threads'
      if (!isMainThread) ${statement}
      export const patchSet = { patches: [] }`
    writeFileSync(join(cwd, 'odd.ts'), text)
    const { status, stdout, stderr } = run(
      ...([cwd, '--implementation', 'odd.ts', '--budget', '2000', '--workers', '2'] as const),
    )
    expect({ status, stdout }).toEqual({ status: code, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(says)
    expect(readdirSync(cwd)).toEqual(['odd.ts'])
  })
})

test('a campaign that is killed leaves what it has found, to be replayed', async () => {
  const cwd = folder()
  const mutant = join(mutants, 'no-undo.ts')
  const args = ['--implementation', mutant, '--regressions', cwd, '--workers', '2', '--json']
  const child = spawn(process.execPath, [program, 'run', ...args, '--budget', '1000000'], { cwd })
  const ended = new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)))
  const file = join(cwd, '.hmm-conformance', 'found.jsonl')
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes('\n')) await sleep(50)
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  const [{ contract, shrunk, token }] = foundIn(cwd) as [FoundLine]
  expect(shrunk).toBe(false)
  const replayable = parseToken(token)
  const execution = replayStrictly(kernelObservingAll(subjectFrom(mutant).patches), replayable)
  const [finding] = judgeOf(contractsWithIds([contract!])).judge(execution.events)
  expect(finding!.objections).not.toEqual([])
})
