/**
 * Determinism: whether the same seed and the same choices always lead to the same run.
 *
 *   node bin/bench.js determinism [--runs N] [--compared N] [--workers N] [--nodes 22,24] [--json]
 *
 * A campaign on the reference takes one of its runs in 97 twice. Then a shorter one is made by processes of
 * their own, of this Node and of others, which npm is asked for: each says what it found in a report, and
 * has every step and event of every run in a digest. All must say the same to the byte, and take the tokens
 * of this process strictly.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { judgeSubject } from '../harness/judge-subject'
import { noProgress } from '../harness/progress'
import { reference } from '../harness/subject'
import { contracts } from '../spec/registry'
import { countReplayed, sayAll, type Said } from './models/same-seed'
import { installNode } from './models/other-node'
import { flag, numberOption, progress, textOption } from './options'

const program = join(__dirname, '..', 'bin', 'bench.js')
const seed = 1

export interface Determinism {
  /** Runs of the campaign, those of them that were taken twice, and those that then went another way. */
  readonly runs: number
  readonly repeated: number
  readonly differing: number
  /** Seconds that the campaign took. */
  readonly seconds: number
  /** Runs that every process makes, and the digest that they come to. */
  readonly compared: number
  readonly digest: string
  readonly processes: readonly Process[]
}

/** Another process, held against this one. */
export interface Process {
  /** Of Node. */
  readonly version: string
  /** Whether npm could have it; if not there is nothing to compare. */
  readonly installed: boolean
  /** The parts of what it said that are not the same. */
  readonly differs: readonly string[]
  /** Tokens of this process, and how many of them it replayed strictly. */
  readonly tokens: number
  readonly replayed: number
}

export interface DeterminismSize {
  readonly runs: number
  readonly compared: number
  readonly workers: number
  /** Other major versions of Node. */
  readonly nodes: readonly string[]
}

export async function measureDeterminism({
  runs,
  compared,
  workers,
  nodes,
}: DeterminismSize): Promise<Determinism> {
  const folder = mkdtempSync(join(tmpdir(), 'determinism-'))
  try {
    const plan = { contracts, seed, schedules: runs, workers, folder, progress: noProgress }
    progress(`determinism: a campaign of ${runs} runs`)
    const began = performance.now()
    const { report } = await judgeSubject(reference, plan)
    const seconds = (performance.now() - began) / 1000
    progress(`determinism: ${compared} runs in processes of their own`)
    const said = sayAll(compared)
    const others = nodes.map((major) => {
      const node = installNode(major, folder)
      if (node) return heldAgainst(said, compared, node, folder)
      return { version: major, installed: false, differs: [], tokens: 0, replayed: 0 }
    })
    return {
      runs: report.schedules,
      repeated: report.repeated,
      differing: report.ends.find(({ kind }) => kind === 'nondeterminism')?.count ?? 0,
      seconds,
      compared,
      digest: said.digest,
      processes: [heldAgainst(said, compared, process.execPath, folder), ...others],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What another process says, and that it takes the tokens of this one. */
interface Answer {
  readonly version: string
  readonly said: Said
  readonly replayed: number
}

function heldAgainst(expected: Said, compared: number, node: string, folder: string): Process {
  const file = join(folder, 'tokens.json')
  writeFileSync(file, JSON.stringify(expected.tokens))
  const args = [program, 'same-seed', '--runs', String(compared), '--tokens', file]
  const child = spawnSync(node, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (child.status !== 0) throw new Error(`a process that was to do the same: ${child.stderr}`)
  const { version, said, replayed } = JSON.parse(child.stdout) as Answer
  const parts = Object.keys(expected) as (keyof Said)[]
  return {
    version,
    installed: true,
    differs: parts.filter((part) => String(said[part]) !== String(expected[part])),
    tokens: expected.tokens.length,
    replayed,
  }
}

/** What {@link heldAgainst} starts. */
export function sameSeed(args: readonly string[]): void {
  const tokens = JSON.parse(readFileSync(textOption(args, '--tokens')!, 'utf8')) as string[]
  const said = sayAll(numberOption(args, '--runs', 0))
  const answer: Answer = { version: process.version, said, replayed: countReplayed(tokens) }
  console.log(JSON.stringify(answer))
}

function table({ runs, repeated, differing, compared, digest, processes }: Determinism): string {
  return [
    `${repeated} of ${runs} runs were taken twice; ${differing} went another way`,
    `the same campaign of ${compared} runs, its digest ${digest.slice(0, 16)}, in another process:`,
    ...processes.map(({ version, installed, differs, tokens, replayed }) =>
      installed
        ? `  Node ${version}: ${differs.length === 0 ? 'the same bytes' : `other ${differs.join(', ')}`}, ${replayed} of ${tokens} tokens replayed`
        : `  Node ${version}: npm cannot have it here`,
    ),
  ].join('\n')
}

export async function determinism(args: readonly string[]): Promise<void> {
  const result = await measureDeterminism({
    runs: numberOption(args, '--runs', 100_000),
    compared: numberOption(args, '--compared', 5_000),
    workers: numberOption(args, '--workers', availableParallelism()),
    nodes: (textOption(args, '--nodes') ?? '22,24').split(',').filter((major) => major !== ''),
  })
  console.log(flag(args, '--json') ? JSON.stringify(result, null, 2) : table(result))
}
