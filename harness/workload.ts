/** Workloads: a world and what each task does in it, as data, and one run of it. */
import { UsageError } from '../engine/errors'
import type { Choice } from '../engine/choice'
import { beginOp, run, spawn, type Execution, type RunOptions } from '../engine/run'
import type { Kernel } from '../engine/symbol'
import { type Task } from '../engine/task'
import { operation } from '../spec/headers/device'
import { mmdrop } from '../spec/headers/mm'
import { follow_accesses } from '../reference/kernel/access'
import '../reference/link'
import { lockdepLearnsIn, type LockGraph } from '../reference/kernel/lockdep'
import { countRun, exhausted } from './guard'
import { operateOn, parseOperation } from './operations'
import { buildWorld, parseWorld, worldText, type Machine, type World } from './world'

export interface WorkloadTask {
  readonly name: string
  readonly ops: readonly string[]
}

export interface Workload {
  readonly world: World
  readonly tasks: readonly WorkloadTask[]
}

export interface WorkloadOptions extends RunOptions {
  /** What earlier runs taught lockdep, and this one adds to; nothing unless told. */
  readonly lockGraph?: LockGraph
}

/** Id of the first task of a workload; what has smaller ids serves all of them. */
export const firstTask = 1

/** Runs a workload on a kernel under a source of choices. */
export function runWorkload(
  kernel: Kernel,
  workload: Workload,
  choice: Choice,
  options: WorkloadOptions = {},
): Execution {
  countRun()
  return run(kernel, () => bootWorkload(workload, options), choice, { exhausted, ...options })
}

function bootWorkload({ world, tasks }: Workload, { lockGraph }: WorkloadOptions): void {
  follow_accesses()
  if (lockGraph) lockdepLearnsIn(lockGraph)
  const machine = buildWorld(world, tasks.length)
  operateOn(machine)
  for (const { name, ops } of tasks) spawn(name, () => taskBody(machine, ops))
}

function* taskBody(machine: Machine, ops: readonly string[]): Task<void> {
  for (const [i, text] of ops.entries()) {
    beginOp(i)
    yield* operation(text)
  }
  yield* mmdrop(machine.mm)
}

// ---- text ------------------------------------------------------------------------------------------------

/** What boots breaks a contract, perhaps, before any task begins. */
const noTasks = '-'

/** `device_fault_0+munmap_0_2/reclaim_0`: tasks by `/`, their operations by `+`. */
export function tasksText(tasks: readonly WorkloadTask[]): string {
  if (tasks.length === 0) return noTasks
  return tasks.map(({ ops }) => ops.map((op) => op.replaceAll(' ', '_')).join('+')).join('/')
}

export function parseTasks(text: string): WorkloadTask[] {
  if (text === noTasks) return []
  return text.split('/').map((ops, i) => ({
    name: `cpu${i}`,
    ops: ops === '' ? [] : ops.split('+').map(parseOp),
  }))
}

/** Operation names have underscores themselves: arguments are what follows the longest known name. */
function parseOp(text: string): string {
  const words = text.split('_')
  for (let n = words.length; n > 0; n--) {
    const candidate = [words.slice(0, n).join('_'), ...words.slice(n)].join(' ')
    try {
      parseOperation(candidate)
      return candidate
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
    }
  }
  throw new UsageError(`"${text}" is no operation; see the list in the documentation of workloads`)
}

export function workloadText(workload: Workload): string {
  return `${worldText(workload.world)}~${tasksText(workload.tasks)}`
}

export function parseWorkload(world: string, tasks: string): Workload {
  return { world: parseWorld(world), tasks: parseTasks(tasks) }
}
