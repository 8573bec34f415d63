/**
 * SPIN on `range.pml`, as a tool that is called when it is there: nothing of it is kept, and where it or a
 * C compiler is missing the answer is null.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { median } from './statistics'

const model = join(__dirname, 'range.pml')
const memoryMax = 4_000
const depthMax = 100_000
const repeats = 5

export interface SpinRun {
  readonly reduced: boolean
  readonly states: number
  readonly transitions: number
  /** Steps of the longest path, its first and the ends of processes included. */
  readonly depth: number
  readonly errors: number
  /** Whether SPIN searched the whole state space. */
  readonly complete: boolean
  /** Wall time of the search, its process included: median of some. */
  readonly milliseconds: number
  readonly statesPerSecond: number
}

/** A state space, searched with and without partial order reduction. */
export type SpinResult = readonly SpinRun[]

function runs(command: string, args: readonly string[], cwd?: string): string | null {
  const { status, stdout } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  return status === 0 ? stdout : null
}

function compiler(): string | null {
  return ['cc', 'gcc', 'clang'].find((name) => runs(name, ['--version']) !== null) ?? null
}

/** SPIN's own version line, or null where it or a C compiler is missing. */
export function spinVersion(): string | null {
  return compiler() === null ? null : (runs('spin', ['-V'])?.trim() ?? null)
}

/** Has Debian's package installed where SPIN is missing; that it may not be allowed to is no error. */
export function installSpin(): void {
  if (spinVersion() === null) runs('apt-get', ['install', '--yes', 'spin', 'gcc', 'libc6-dev'])
}

function numberBefore(text: string, what: string): number {
  const found = new RegExp(`([\\d.e+]+) ${what}`).exec(text)
  if (!found) throw new Error(`SPIN does not say how many ${what}`)
  return Number(found[1])
}

function search(directory: string, hashBits: number, reduced: boolean): SpinRun {
  const reduction = reduced ? [] : ['-DNOREDUCE']
  const flags = ['-O2', '-DSAFETY', `-DMEMLIM=${memoryMax}`, ...reduction]
  if (runs(compiler()!, [...flags, '-o', 'pan', 'pan.c'], directory) === null)
    throw new Error("SPIN's verifier does not compile")
  const times: number[] = []
  let report = ''
  for (let i = 0; i < repeats; i++) {
    const began = performance.now()
    const said = runs(join(directory, 'pan'), [`-m${depthMax}`, `-w${hashBits}`], directory)
    times.push(performance.now() - began)
    if (said === null) throw new Error("SPIN's verifier failed")
    report = said
  }
  const states = numberBefore(report, 'states, stored')
  const milliseconds = median(times)
  return {
    reduced,
    states,
    transitions: numberBefore(report, 'transitions'),
    depth: Number(/depth reached (\d+)/.exec(report)![1]),
    errors: Number(/errors: (\d+)/.exec(report)![1]),
    complete: !report.includes('Search not completed') && !report.includes('max search depth'),
    milliseconds,
    statesPerSecond: (states * 1000) / milliseconds,
  }
}

/**
 * Searches the model under some macros, first with partial order reduction and then without, with a hash
 * table of so many bits: clearing a large one costs more than a small search.
 */
export function runSpin(macros: readonly string[], hashBits: number): SpinResult {
  const directory = mkdtempSync(join(tmpdir(), 'range-spin-'))
  try {
    if (runs('spin', ['-a', ...macros.map((name) => `-D${name}`), model], directory) === null)
      throw new Error('SPIN does not accept the model')
    return [true, false].map((reduced) => search(directory, hashBits, reduced))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
