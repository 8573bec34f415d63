/**
 * All benchmarks one after another, each in a process of its own, into one file, and the page of it.
 *
 *   node bin/bench.js [--quick] [--only NAME,NAME] [--file docs/performance.json] [--install-spin] [--OPTION VALUE ...]
 *   node bin/bench.js --render FILE
 *
 * Options that are not of this program replace those that a benchmark would be given of the same name.
 * `--only` measures some and leaves the others' figures as they are. The file is written after every
 * benchmark, so that a run that is broken off leaves what it had.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { performance as clock } from 'node:perf_hooks'
import { isEqual } from 'lodash'
import { UsageError } from '../../engine/errors'
import { flag, progress, textOption } from '../options'
import { pageOf } from './page'
import { schema, type Machine, type Performance, type Size, type Taken } from './performance'
import { benches, type Bench } from './plan'

const root = join(__dirname, '..', '..')
const program = join(root, 'bin', 'bench.js')

const usage = `npm run bench -- [--quick] [--only NAME,NAME] [--file FILE] [--install-spin] [--OPTION VALUE ...]
npm run bench -- --render FILE
node bin/bench.js NAME [--OPTION VALUE ...]

names: ${benches.map(({ name }) => name).join(', ')}`

export function suite(args: readonly string[]): void {
  if (flag(args, '--help')) return console.log(usage)
  const rendered = textOption(args, '--render')
  if (rendered !== undefined) return render(rendered)
  const file = textOption(args, '--file') ?? join(root, 'docs', 'performance.json')
  const only = textOption(args, '--only')?.split(',')
  const chosen = benches.filter(({ name }) => only?.includes(name) ?? true)
  const size: Size = flag(args, '--quick') ? 'quick' : 'full'
  if (only && chosen.length < only.length)
    throw new UsageError(`--only takes ${benches.map(({ name }) => name).join(', ')}`)
  refuseUnknown(args, chosen, size)
  let all: Performance = only ? others(file) : { schema, ...machine(), benches: {} }
  for (const [at, bench] of chosen.entries()) {
    progress(`[${at + 1}/${chosen.length}] ${bench.name}, ${size}`)
    const taken = measure(bench, size, args)
    if (!taken) continue
    all = { ...all, benches: { ...all.benches, [bench.name]: taken } }
    write(file, all)
  }
}

/** Measuring takes an hour: it is not begun for an option that nobody takes in this size. */
function refuseUnknown(args: readonly string[], chosen: readonly Bench[], size: Size): void {
  const ofBenches = chosen.flatMap(({ sizes }) => sizes[size])
  const known = ['--quick', '--only', '--file', '--install-spin', '--render', ...ofBenches]
  const unknown = args.find((arg) => arg.startsWith('-') && !known.includes(arg))
  if (unknown !== undefined)
    throw new UsageError(`unknown option "${unknown}" in a ${size} run\n\n${usage}`)
}

/** What was measured before, on this machine alone: figures of two machines are not set side by side. */
function others(file: string): Performance {
  const before = read(file)
  const { node, cpus: processors } = before
  if (isEqual({ node, cpus: processors }, machine())) return before
  throw new UsageError(`${file} is of another machine or Node: measure everything`)
}

function machine(): Machine {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return { node: process.version, cpus: { count: availableParallelism(), model } }
}

/** Null if it failed, which it has said itself. */
function measure(bench: Bench, size: Size, given: readonly string[]): Taken<unknown> | null {
  const own = withGiven(bench, size, given)
  const date = new Date().toISOString()
  const load = loadavg()
  const began = clock.now()
  const installs = bench.name === 'throughput' && flag(given, '--install-spin')
  const command = [program, bench.name, ...own, ...(installs ? ['--install-spin'] : []), '--json']
  const { status, stdout } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  const seconds = (clock.now() - began) / 1000
  if (status !== 0) {
    process.exitCode = 1
    progress(`${bench.name} failed: it is not measured`)
    return null
  }
  progress(`    ${seconds.toFixed(0)} s`)
  return { size, arguments: own, date, load, seconds, figures: JSON.parse(stdout) }
}

/** The benchmark's arguments, those replaced that were given. */
function withGiven({ sizes }: Bench, size: Size, given: readonly string[]): string[] {
  const own = [...sizes[size]]
  for (const [at, name] of own.entries()) {
    const value = name.startsWith('--') ? textOption(given, name) : undefined
    if (value !== undefined) own[at + 1] = value
  }
  return own
}

function read(file: string): Performance {
  const all = JSON.parse(readFileSync(file, 'utf8')) as Performance
  if (all.schema !== schema) throw new UsageError(`${file} is of schema ${all.schema}`)
  return all
}

/** The file, as the formatter would have it, and its page. */
function write(file: string, all: Performance): void {
  writeFileSync(file, JSON.stringify(all, null, 2))
  const formatter = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs')
  spawnSync(process.execPath, [formatter, '--write', file], { cwd: root, stdio: 'ignore' })
  render(file)
}

function render(file: string): void {
  const page = file.replace(/(\.json)?$/, '.md')
  writeFileSync(page, pageOf(read(file)))
  progress(`    ${page}`)
}
