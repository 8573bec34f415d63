/** What a run says outside this project: who does what in which order, and what is wrong with it. */
import { sortBy, uniq } from 'lodash'
import { isTimeout, optionTask } from '../../engine/choice'
import type { Event } from '../../engine/events'
import type { Execution } from '../../engine/run'
import type { Contract } from '../../spec/contract'
import { objectingTo } from '../../spec/judge'
import { withNames } from '../counterexample'
import { badEndsOf, describeEnd } from '../ends'
import { contracts } from '../registry'
import type { Replayed } from '../replay'
import { actorsOf, columnName, levelsOf, linesOf } from '../story'
import { stepsDigest, toToken } from '../token'
import { firstTask } from '../workload'
import { areasOf, type Area, type Backing, type World } from '../world'

export interface ExportedRun {
  /** The patch set it ran on: `reference`, or a mutant's name. */
  readonly boot: string
  /** What a fixture is called; null for a token. */
  readonly title: string | null
  /** The world in sentences. */
  readonly world: readonly string[]
  /** In the order of their ids; those that never take a step are missing, unless they have operations. */
  readonly tasks: readonly ExportedTask[]
  /** Every step, in order. */
  readonly steps: readonly ExportedStep[]
  /** Those that a fixture expects come first. */
  readonly objections: readonly ExportedObjection[]
  /** How it ends, in a sentence. */
  readonly end: string
  /** Whether it ends as it should. */
  readonly endsWell: boolean
  readonly token: string
}

export interface ExportedTask {
  readonly id: number
  /** `CPU 0`. */
  readonly name: string
  readonly ops: readonly string[]
  /** At what it stands for ever; null if it does not. */
  readonly stuckAt: string | null
}

export interface ExportedStep {
  /** From 1. */
  readonly number: number
  readonly task: number
  /** Index of the operation of its task; -1 where it belongs to none. */
  readonly op: number
  /** The call that it begins with, then what begins or returns until the next, if it matters to the objection. */
  readonly lines: readonly string[]
}

export interface ExportedObjection {
  readonly contract: Contract
  readonly says: string
  /** Number of the step, from 1; null where it is raised at the end of the run. */
  readonly step: number | null
}

/** The run of a fixture or a token; its token replays it, whichever it was. */
export function exportedRun(replayed: Replayed): ExportedRun {
  const { subject, workload, execution, fixture } = replayed
  const { choices, end } = execution
  const objections = objectionsTo(execution, fixture?.expect ?? [])
  const digest = stepsDigest(execution)
  const ends = badEndsOf(execution).map(({ says }) => says)
  return {
    boot: subject.name,
    title: fixture?.title ?? null,
    world: worldSentences(workload.world),
    tasks: tasksOf(replayed),
    steps: stepsOf(execution, objections[0]?.contract ?? null),
    objections,
    end: ends.length > 0 ? ends.join('; ') : describeEnd(end),
    endsWell: ends.length === 0,
    token: replayed.token ?? toToken({ boot: subject.name, workload, choices, digest }),
  }
}

/** The steps in which another task goes on than in the one before. */
export function switchesOf(steps: readonly ExportedStep[]): readonly ExportedStep[] {
  return steps.filter(({ task }, i) => i > 0 && steps[i - 1]!.task !== task)
}

/** The first objection of each contract. */
function objectionsTo(
  { events, tasks }: Execution,
  expected: readonly string[],
): ExportedObjection[] {
  const found = objectingTo(events, contracts).map(({ contract, objection }) => {
    const { task, step } = events[objection.at]!
    const says = withNames(objection.says, tasks)
    return { contract, says, step: task < 0 ? null : step + 1 }
  })
  return sortBy(found, ({ contract }) => {
    const place = expected.indexOf(contract.id)
    return place < 0 ? expected.length : place
  })
}

function tasksOf({ workload, execution }: Replayed): ExportedTask[] {
  const { steps, tasks, end } = execution
  const working = workload.tasks.map((_, i) => firstTask + i)
  const ids = uniq([...working, ...steps.map(({ option }) => optionTask(option))])
  const stuck =
    end.kind === 'deadlock' ? end.cycle : end.kind === 'oops' ? end.blocked : ([] as const)
  return sortBy(ids).map((id) => ({
    id,
    name: columnName(tasks[id] ?? String(id)),
    ops: workload.tasks[id - firstTask]?.ops ?? [],
    stuckAt: stuck.find(({ task }) => task === tasks[id])?.at ?? null,
  }))
}

function stepsOf({ steps, events }: Execution, contract: Contract | null): ExportedStep[] {
  const shown = new Set(levelsOf(events, contract).story)
  shown.delete('operation')
  const told = linesOf(events, shown, actorsOf(events))
  const isOver = operationsOver(events)
  return steps.map(({ option, op, label }, step) => {
    const task = optionTask(option)
    const what = readable(isTimeout(option) ? `${label}: times out` : label)
    const seen = told.filter((line) => line.step === step).map(({ text }) => readable(text))
    return {
      number: step + 1,
      task,
      op: isOver(task, op, step) ? -1 : op,
      lines: [what, ...seen],
    }
  })
}

/** What a task does behind its last operation is not that operation's. */
function operationsOver(events: readonly Event[]) {
  const ends = new Map<number, number[]>()
  for (const { symbol, phase, task, step } of events)
    if (symbol === 'operation' && phase === 'return')
      ends.set(task, [...(ends.get(task) ?? []), step])
  return (task: number, op: number, step: number) => step > (ends.get(task)?.[op] ?? Infinity)
}

const readable = (text: string): string =>
  text.replaceAll(`, ${Number.MAX_SAFE_INTEGER})`, ', all)')

function worldSentences(world: World): string[] {
  let first = 0
  const areas = areasOf(world).map((area) => {
    const sentence = areaSentence(area, first)
    first += area.pages
    return sentence
  })
  const { drivers, slow } = world
  const open = drivers.length === 0 ? 'no device is open' : `open devices: ${drivers.join(', ')}`
  return [...areas, open, ...(slow ? ['hardware acknowledges commands late'] : [])]
}

const backings: Readonly<Record<Backing, string>> = {
  anonymous: 'anonymous',
  huge: 'anonymous, with huge entries',
  file: 'of a file',
  dax: "of a device's memory",
}

function areaSentence({ pages, mapped, shared, backing }: Area, first: number): string {
  const kind = `${backings[backing]}${shared ? ', a write must copy first' : ''}`
  return `pages [${first}, ${first + pages}) ${kind}; present: [${first}, ${first + mapped})`
}
