/** Fixtures: one run remembered, one line a step, so that a drifted one fails loudly. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { uniq } from 'lodash'
import { UsageError } from '../engine/errors'
import { isTimeout, optionTask, type Choice, type Option } from '../engine/choice'
import type { End, Event } from '../engine/events'
import type { Execution } from '../engine/run'
import type { Kernel } from '../engine/symbol'
import { runWorkload, type Workload } from './workload'
import { parseWorld } from './world'

export interface Fixture {
  /** Its file's name. */
  readonly id: string
  readonly title: string
  readonly cites: readonly string[]
  /** The patch set it runs on: `reference`, or a mutant's name. */
  readonly boot: string
  readonly world: string
  readonly tasks: Readonly<Record<string, readonly string[]>>
  /** `task: label` for every step; `task!: label` where its timeout fires. */
  readonly schedule: readonly string[]
  /** Contracts that must object, and those that may, with the reason. */
  readonly expect: readonly string[]
  readonly may: Readonly<Record<string, string>>
  /** What lockdep and the check of sleeping report, each once, in order; nothing unless told. */
  readonly reports?: readonly string[]
  /** How the run ends. */
  readonly end: End['kind']
  /** Of a deadlock: at what each task of the cycle is, and for whom it waits. */
  readonly cycle?: readonly string[]
  /** Preemptions up to which the reference is clean on every schedule of this workload. */
  readonly bound: number
}

/** What the documents draw, and what was found for rules that they do not draw. */
export const fixtureFolders = ['documents', 'intervals'] as const
export type FixtureFolder = (typeof fixtureFolders)[number]

const inFolder = (folder: FixtureFolder, file: string): string =>
  join(__dirname, '..', 'fixtures', folder, file)

export function fixtureNames(folders: readonly FixtureFolder[] = fixtureFolders): string[] {
  return folders
    .flatMap((folder) => readdirSync(inFolder(folder, '')))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

/** Where a fixture of this name is kept, or the path that was given. */
export function fixturePath(nameOrPath: string): string {
  const known = fixtureFolders.map((folder) => inFolder(folder, `${nameOrPath}.json`))
  return known.find((path) => existsSync(path)) ?? nameOrPath
}

/** A fixture by name, or by the path of its file. */
export function readFixture(nameOrPath: string): Fixture {
  const path = fixturePath(nameOrPath)
  if (!existsSync(path))
    throw new UsageError(
      `there is no fixture "${nameOrPath}"; there are ${fixtureNames().join(', ')}`,
    )
  let parsed: Fixture
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8')) as Fixture
  } catch {
    throw new UsageError(
      `the fixture "${nameOrPath}" is no complete JSON; restore it from where it came`,
    )
  }
  for (const field of ['title', 'boot', 'world', 'tasks', 'schedule'] as const)
    if (parsed?.[field] === undefined)
      throw new UsageError(`the fixture "${nameOrPath}" has no "${field}"; it is needed to run it`)
  return parsed
}

export function workloadOf({ world, tasks }: Pick<Fixture, 'world' | 'tasks'>): Workload {
  return {
    world: parseWorld(world),
    tasks: Object.entries(tasks).map(([name, ops]) => ({ name, ops })),
  }
}

/** Runs exactly the fixture's steps, or says which one differs now. */
export function replayFixture(kernel: Kernel, fixture: Fixture): Execution {
  const { schedule } = fixture
  const names = schedule.map((line) => line.slice(0, line.indexOf(':')))
  const execution = runWorkload(kernel, workloadOf(fixture), following(names, fixture), {
    labels: true,
  })
  const now = scheduleOf(execution)
  const drifted = now.findIndex((line, i) => line !== schedule[i])
  const at = drifted >= 0 ? drifted : now.length < schedule.length ? now.length : -1
  if (at >= 0)
    throw new UsageError(
      `the fixture "${fixture.id}" no longer fits: step ${at + 1} was "${schedule[at] ?? 'the end'}" and is "${now[at] ?? 'the end'}"; record it again`,
    )
  return execution
}

/** The steps of a run as fixtures write them. */
export function scheduleOf({ steps, tasks }: Execution): string[] {
  return steps.map(({ option, label }) => `${nameOf(option, tasks)}: ${label}`)
}

/** Reports of a run as fixtures write them: what foresees a deadlock, whether or not it comes. */
export function reportsOf(events: readonly Event[]): string[] {
  const reports = events.flatMap(({ symbol, cycle, report }) => {
    if (symbol === 'lockdep_report') return [`lockdep: ${cycle}`]
    return symbol === 'debug_report' ? [`BUG: ${report}`] : []
  })
  return uniq(reports)
}

/** The cycle of a deadlock as fixtures write it; empty where there is none. */
export function cycleOf(end: End): string[] {
  if (end.kind !== 'deadlock') return []
  return end.cycle.map(
    ({ task, at, waitsFor }) => `${task} at ${at} waits for ${waitsFor.join(', ')}`,
  )
}

function nameOf(option: Option, tasks: readonly string[]): string {
  return `${tasks[optionTask(option)]}${isTimeout(option) ? '!' : ''}`
}

/** Takes the task named for each step wherever there is a choice. */
function following(names: readonly string[], fixture: Fixture): Choice {
  const tasks = names.map((name) => name.replace(/!$/, ''))
  // Ids follow the order of spawning: what serves all tasks first, then the workload's, then who came later, hardware too.
  const order = uniq(['kworker/srcu', ...Object.keys(fixture.tasks), ...tasks])
  const wanted = names.map(
    (name, step) => order.indexOf(tasks[step]!) * 2 + (name.endsWith('!') ? 1 : 0),
  )
  let step = 0
  return {
    pick: (options, count) => Math.max(0, options.slice(0, count).indexOf(wanted[step] ?? -1)),
    took: () => void step++,
  }
}
