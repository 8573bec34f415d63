/** Whether all schedules of a trace class have one verdict, and whether exploring visits each class once. */
import { enumerate } from '../engine/enumerate'
import type { Choice } from '../engine/choice'
import { explore } from '../engine/explore'
import { recording, type Footprint } from '../engine/footprint'
import type { Execution } from '../engine/run'
import { classOf } from '../engine/trace-class'
import type { Judge } from '../spec/judge'
import { kernelFollowedBy } from './exploration'
import { reference } from './subject'
import { parseWorkload, runWorkload } from './workload'

/** More than any of the workloads below has. */
const schedulesMax = 1_000

export interface Enumerated {
  /** By trace class, every verdict that its schedules have. */
  readonly verdicts: Map<string, Set<string>>
  readonly complete: boolean
}

/** All schedules of a workload, by class. */
export function enumerated(text: string, judge: Judge): Enumerated {
  const verdicts = new Map<string, Set<string>>()
  let footprints: Footprint[] = []
  const execute = executor(text, judge)
  const recorded = (choice: Choice) => recording((footprints = []), () => execute(choice))
  const { complete } = enumerate(recorded, Infinity, schedulesMax, ({ steps, events }) => {
    const name = classOf(steps, footprints)
    if (!verdicts.has(name)) verdicts.set(name, new Set())
    verdicts.get(name)!.add(verdictOf(judge, events))
  })
  return { verdicts, complete }
}

function executor(text: string, judge: Judge): (choice: Choice) => Execution {
  const [world, tasks] = text.split('~') as [string, string]
  const workload = parseWorkload(world, tasks)
  const kernel = kernelFollowedBy(judge, reference)
  return (choice) => runWorkload(kernel, workload, choice)
}

/** Who objects, and what was exercised how often. */
function verdictOf(judge: Judge, events: Execution['events']): string {
  const findings = judge.judge(events).map(({ objections, witnesses }) => ({
    says: objections.map(({ says }) => says).sort(),
    witnesses: [...witnesses].sort(),
  }))
  return JSON.stringify(findings)
}

interface Visited {
  readonly names: readonly string[]
  readonly complete: boolean
}

/** The classes that exploring a workload visits, in order. */
export function visited(text: string, judge: Judge): Visited {
  const names: string[] = []
  let footprints: Footprint[] = []
  const execute = executor(text, judge)
  const { complete } = explore(execute, schedulesMax, ({ choices }) => {
    let at = 0
    const again = () => execute({ pick: () => choices[at++] ?? 0 })
    const { steps } = recording((footprints = []), again)
    names.push(classOf(steps, footprints))
  })
  return { names, complete }
}
