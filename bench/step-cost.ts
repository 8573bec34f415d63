/**
 * What one step of the engine costs, as a multiple of resuming a bare generator in the same process: at
 * several call depths, with nobody listening, with four monitors, and with every contract.
 *
 *   node bin/bench.js step-cost [--rounds N] [--json]
 *
 * A task stands so many calls of `kref_put` deep and takes steps there: a point and nothing else, or a
 * spinlock that is taken and given back, which is a point and two observed calls. Costs are of the whole run,
 * judged; its beginning and the calls on the way down are spread over its steps.
 */
import { range } from 'lodash'
import { keepRunning } from '../engine/choice'
import { run, spawn } from '../engine/run'
import type { Kernel } from '../engine/symbol'
import { point, type AtomicTask } from '../engine/task'
import { kernelFor } from '../harness/campaign'
import { contractsWithIds } from '../harness/registry'
import '../reference/link'
import { kref_struct } from '../reference/kernel/kref'
import { spinlock } from '../reference/kernel/spinlock'
import { judgeOf, type Judge } from '../spec/judge'
import { contracts } from '../spec/registry'
import { kref_put, spin_lock, spin_unlock } from '../spec/headers/locking'
import { cpuMilliseconds } from './models/clock'
import { median } from './models/statistics'
import { flag, numberOption, progress } from './options'

const depths = range(1, 13)
const stepsPerRun = 200
const runsPerRound = 20
const bareResumes = 50_000
const warmUps = 5

/** Two that hear reference counts and two that hear locks: each step that calls is heard by some. */
const fourIds = ['LIF-05', 'LIF-13', 'LCK-07', 'HMM-14']

const listeners = {
  nobody: judgeOf([]),
  four: judgeOf(contractsWithIds(fourIds)),
  all: judgeOf(contracts),
} as const
type Listener = keyof typeof listeners
const kinds = ['point', 'lock'] as const
type Kind = (typeof kinds)[number]

export interface StepCost {
  readonly kind: Kind
  readonly listening: Listener
  readonly depth: number
  /** Nanoseconds a step, and over those of a bare resume in the same round: medians. */
  readonly ns: number
  readonly ratio: number
}

export interface StepCosts {
  readonly rounds: number
  /** How many contracts all of them are. */
  readonly contracts: number
  /** Nanoseconds of a bare resume: median of the rounds. */
  readonly bareNs: number
  readonly costs: readonly StepCost[]
}

function* bare(): Generator<number> {
  for (;;) yield 0
}

function bareRound(): number {
  const generator = bare()
  const began = cpuMilliseconds()
  for (let i = 0; i < bareResumes; i++) generator.next()
  return ((cpuMilliseconds() - began) * 1e6) / bareResumes
}

/** Steps at the bottom of so many calls. */
function* nested(depth: number, kind: Kind): AtomicTask<void> {
  if (depth > 0) yield* kref_put(kref_struct(), () => nested(depth - 1, kind))
  else if (kind === 'point') for (let i = 0; i < stepsPerRun; i++) yield* point('step')
  else yield* locking()
}

function* locking(): AtomicTask<void> {
  const lock = spinlock({ name: 'lock' })
  for (let i = 0; i < stepsPerRun; i++) {
    yield* spin_lock(lock)
    spin_unlock(lock)
  }
}

/** Nanoseconds a step, judging included. */
function round(kernel: Kernel, judge: Judge, depth: number, kind: Kind): number {
  let steps = 0
  const began = cpuMilliseconds()
  for (let i = 0; i < runsPerRound; i++) {
    const body = () => nested(depth, kind)
    const execution = run(kernel, () => void spawn('cpu0', body), keepRunning)
    if (judge.contracts.length > 0) judge.judge(execution.events)
    steps += execution.steps.length
  }
  return ((cpuMilliseconds() - began) * 1e6) / steps
}

export function measureStepCost(rounds = 41, chosen: readonly number[] = depths): StepCosts {
  const bares: number[] = []
  const costs = kinds.flatMap((kind) =>
    Object.entries(listeners).flatMap(([listening, judge]) => {
      const kernel = kernelFor(judge, [])
      progress(`step-cost: ${kind}, ${listening} listening`)
      return chosen.map((depth): StepCost => {
        const spent: number[] = []
        const ratios: number[] = []
        for (let i = -warmUps; i < rounds; i++) {
          const one = bareRound()
          const ns = round(kernel, judge, depth, kind)
          if (i < 0) continue
          bares.push(one)
          spent.push(ns)
          ratios.push(ns / one)
        }
        return {
          kind,
          listening: listening as Listener,
          depth,
          ns: median(spent),
          ratio: median(ratios),
        }
      })
    }),
  )
  return { rounds, contracts: contracts.length, bareNs: median(bares), costs }
}

function table({ rounds, bareNs, costs }: StepCosts): string {
  const said: Readonly<Record<Kind, string>> = {
    point: 'a step that is a point',
    lock: 'a step that takes a spinlock and gives it back',
  }
  const cell = (of: StepCost | undefined) =>
    of ? `${of.ratio.toFixed(1)} x`.padStart(9) + `${of.ns.toFixed(0)} ns`.padStart(9) : ''
  const headings = ['nobody', 'four monitors', `${contracts.length} contracts`]
  const rows = (kind: Kind) => [
    said[kind],
    'calls deep'.padEnd(12) + headings.map((heading) => heading.padStart(18)).join(''),
    ...depths.map((depth) => {
      const of = (listening: string) =>
        cell(
          costs.find(
            (one) => one.kind === kind && one.depth === depth && one.listening === listening,
          ),
        )
      return `  ${depth}`.padEnd(12) + Object.keys(listeners).map(of).join('')
    }),
    '',
  ]
  return [
    `over a bare generator's resume of ${bareNs.toFixed(1)} ns; medians of ${rounds} rounds, processor time`,
    ...kinds.flatMap(rows),
  ].join('\n')
}

export function stepCost(args: readonly string[]): void {
  const result = measureStepCost(numberOption(args, '--rounds', 41))
  console.log(flag(args, '--json') ? JSON.stringify(result, null, 2) : table(result))
}
