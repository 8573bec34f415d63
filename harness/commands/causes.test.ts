import { join } from 'node:path'
import { foundIn, newFolder, started, written } from '../fixtures/started'
import type { RunReport } from '../report'

const mutants = join(__dirname, '..', '..', 'fixtures', 'mutants')

/** Judged in a process of its own, without regressions; everything it prints, and what it noted. */
async function judged(file: string, contracts: string, ...more: string[]) {
  const cwd = newFolder()
  const { status, stdout } = await started(
    ...([cwd, 'run', '--implementation', file, '--contracts', contracts] as const),
    ...(['--seed', '1', '--workers', '1', '--regressions', cwd, ...more] as const),
  )
  expect(status).toBe(1)
  return { stdout, found: foundIn(cwd) }
}

const counterexamplesIn = (stdout: string) =>
  (JSON.parse(stdout) as RunReport).contracts.map(({ id, counterexample }) => ({
    id,
    ...counterexample!,
  }))

const headingRule = /^ *-{3,}(?: +-{3,})*$/gm

test('one defect that breaks several contracts is one cause, told in one timeline', async () => {
  const file = join(mutants, 'no-undo.ts')
  const { stdout, found } = await judged(file, 'MMN-03,MMN-05', '--budget', '300')
  const [timeline, ...rest] = stdout.split('\ncontract ')
  expect(rest).toHaveLength(1)
  expect(timeline!.match(headingRule)).toHaveLength(1)
  expect(timeline!.match(/^=> \S+/gm)!.sort()).toEqual(['=> MMN-03:', '=> MMN-05:'])
  const tokens = found.filter(({ shrunk }) => shrunk).map(({ token }) => token)
  expect(tokens).toHaveLength(2)
  expect(new Set(tokens).size).toBe(1)
  expect(timeline!.split(tokens[0]!)).toHaveLength(2)
})

test('two defects in one implementation are two causes', async () => {
  const both = ['no-undo', 'munmap-without-a-pass'].map((name) =>
    JSON.stringify(join(mutants, name)),
  )
  const file = written(
    'both.js',
    `const patches = [${both.join(', ')}].flatMap((path) => require(path).patchSet.patches)
    exports.patchSet = { patches }`,
  )
  const { stdout } = await judged(file, 'MMN-01,MMN-03,MMN-05', '--budget', '1000', '--json')
  expect(counterexamplesIn(stdout)).toMatchObject([
    { id: 'MMN-01', cause: ['MMN-01'] },
    { id: 'MMN-03', cause: ['MMN-03', 'MMN-05'] },
    { id: 'MMN-05', cause: ['MMN-03', 'MMN-05'] },
  ])
})
