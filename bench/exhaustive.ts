/**
 * Exhaustive search: executions against trace classes, and against all schedules.
 *
 *   node bin/bench.js exhaustive [--cap N] [--contracts 'MMN-*,HMM-23'] [--repeats N] [--json]
 *
 * Times are medians of some repetitions; what meets the cap, or is the reference's, is measured once.
 */
import { range } from 'lodash'
import { performance } from 'node:perf_hooks'
import type { Choice } from '../engine/choice'
import { enumerate } from '../engine/enumerate'
import { explore } from '../engine/explore'
import { recording, type Footprint } from '../engine/footprint'
import { classOf } from '../engine/trace-class'
import { exploreWorkload } from '../harness/exploration'
import { contractsMatching } from '../harness/registry'
import { reference } from '../harness/subject'
import { parseWorkload } from '../harness/workload'
import { runInEngine, type Size } from './models/range'
import { median } from './models/statistics'
import { flag, numberOption, progress, textOption } from './options'

export interface Exhausted {
  readonly model: string
  /** Trace classes, counted by name. */
  readonly classes: number
  readonly executions: number
  readonly complete: boolean
  readonly ms: number
  /** All schedules, or as many as the cap lets through. */
  readonly schedules: number
  readonly schedulesComplete: boolean
  readonly schedulesMs: number
}

/** Invalidating tasks of so many invalidations each, against faulting ones, all on one page. */
function sizeOf(invalidations: readonly number[], faults: readonly number[]): Size {
  const onPage0 = (counts: readonly number[]) => counts.map((count) => range(count).map(() => 0))
  return {
    name: `${invalidations.join(' + ')} invalidations, ${faults.join(' + ')} faults`,
    pages: 1,
    invalidators: onPage0(invalidations),
    faulters: onPage0(faults),
  }
}

const sizes = [sizeOf([1], [1]), sizeOf([1], [2]), sizeOf([1, 2], [1]), sizeOf([2, 2], [1])]

export function measureExhaustive(cap: number, repeats: number): Exhausted[] {
  return sizes.map((size) => {
    progress(`exhaustive: ${size.name}`)
    const execute = (choice: Choice) => runInEngine(size, 'none', choice).execution
    const once = () => {
      const began = performance.now()
      const { executions, complete } = explore(execute, cap, () => undefined)
      return { executions, complete, ms: performance.now() - began }
    }
    const { executions, complete, ms: first } = once()
    const again = range(complete ? repeats - 1 : 0).map(() => once().ms)
    const ms = median([first, ...again])
    const began = performance.now()
    const all = enumerate(execute, Infinity, cap, () => undefined)
    return {
      model: size.name,
      classes: countClasses(execute, cap),
      executions,
      complete,
      ms,
      schedules: all.executions,
      schedulesComplete: all.complete,
      schedulesMs: performance.now() - began,
    }
  })
}

export interface ReferenceExhausted {
  readonly workload: string
  /** What the exploration is exhaustive for. */
  readonly contracts: string
  readonly classes: number
  readonly executions: number
  readonly complete: boolean
  readonly objecting: number
  readonly ms: number
}

const world = '1.1.gpu'
const referenceTasks = ['device_fault_0/reclaim_0', 'device_fault_0/oom_reap']
const referenceContracts = 'MMN-*,LIF-*,HMM-23'

/** The real reference: a device fault against what takes its page away. */
export function measureReference(patterns: readonly string[], cap: number): ReferenceExhausted[] {
  return referenceTasks.flatMap((tasks) =>
    patterns.map((pattern) => {
      progress(`exhaustive: ${tasks}, ${pattern}`)
      const began = performance.now()
      const { campaign, classes, ...explored } = exploreWorkload(
        reference,
        parseWorkload(world, tasks),
        { contracts: contractsMatching(pattern), cap },
      )
      return {
        workload: `${world}~${tasks}`,
        contracts: pattern,
        classes: classes!,
        ...explored,
        objecting: campaign.tallies.filter(({ failure }) => failure !== null).length,
        ms: performance.now() - began,
      }
    }),
  )
}

/** The exploration once more, every visited run followed a second time to name its class. */
function countClasses(
  execute: (choice: Choice) => ReturnType<typeof runInEngine>['execution'],
  cap: number,
): number {
  const classes = new Set<string>()
  explore(execute, cap, ({ choices }) => {
    const footprints: Footprint[] = []
    let at = 0
    const { steps } = recording(footprints, () => execute({ pick: () => choices[at++] ?? 0 }))
    classes.add(classOf(steps, footprints))
  })
  return classes.size
}

export interface ExhaustiveFigures {
  /** Executions that a search was given at most. */
  readonly cap: number
  readonly repeats: number
  readonly models: readonly Exhausted[]
  readonly reference: readonly ReferenceExhausted[]
}

export function exhaustive(args: readonly string[]): void {
  const cap = numberOption(args, '--cap', 200_000)
  const repeats = numberOption(args, '--repeats', 5)
  const patterns = (textOption(args, '--contracts') ?? referenceContracts).split(',')
  const rows = measureExhaustive(cap, repeats)
  const referenceRows = measureReference(patterns, cap)
  if (flag(args, '--json')) {
    const report: ExhaustiveFigures = { cap, repeats, models: rows, reference: referenceRows }
    return void console.log(JSON.stringify(report, null, 2))
  }
  for (const row of rows)
    console.log(
      `${row.model}: ${row.classes} classes, ${row.executions} executions${row.complete ? '' : ' (cap)'} in ${row.ms.toFixed(0)} ms, ${(row.executions / row.classes).toFixed(3)} a class; ${row.schedules} schedules${row.schedulesComplete ? '' : ' (cap)'} in ${row.schedulesMs.toFixed(0)} ms`,
    )
  for (const { workload, contracts, classes, executions, complete, objecting, ms } of referenceRows)
    console.log(
      `${workload}, ${contracts}: ${classes} classes, ${executions} executions${complete ? '' : ' (cap)'} in ${ms.toFixed(0)} ms, ${objecting} contracts object`,
    )
}
