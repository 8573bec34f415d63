/** Whatever is wrong in runs in which nothing should be. */
import { cloneDeep, compact } from 'lodash'
import type { Execution } from '../../engine/run'
import type { Patch } from '../../engine/symbol'
import { unaccounted } from '../../harness/accounts'
import { kernelFor } from '../../harness/campaign'
import { badEndsOf } from '../../harness/ends'
import { contracts } from '../../harness/registry'
import { differenceWhenTakenAgain, oneRunIn } from '../../harness/twice'
import { runWorkload, workloadText, type Workload } from '../../harness/workload'
import type { LockGraph } from '../../reference/kernel/lockdep'
import { judgeOf, type Judge } from '../../spec/judge'
import { drawn } from './drawn'

export interface Wrong {
  readonly schedules: number
  /** How many of them were taken twice. */
  readonly repeated: number
  /** How many of them had something wrong, and what it was, each once. */
  readonly wrong: number
  readonly says: readonly string[]
}

const runsOfAStep = 1000

/**
 * What any contract objects to in so many schedules, how they end that do not end well, memory that nobody accounts for
 * when they are over, and those that go another way when they are taken twice. `made` is told of every thousand.
 */
export function wrongAmong(
  workloads: Iterable<Workload>,
  patches: readonly Patch[],
  { schedules, seed }: { readonly schedules: number; readonly seed: number },
  made: (schedules: number) => void = () => {},
): Wrong {
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, patches)
  const lockGraph: LockGraph = new Map()
  const says = new Set<string>()
  let wrong = 0
  let runs = 0
  let repeated = 0
  for (const { workload, choice, learn } of drawn(workloads, seed)) {
    if (runs === schedules) break
    if (++runs % runsOfAStep === 0) made(runsOfAStep)
    const before = runs % oneRunIn === 0 ? { kernel, lockGraph: cloneDeep(lockGraph) } : null
    const execution = runWorkload(kernel, workload, choice(), { lockGraph })
    learn(execution)
    const found = wrongIn(execution, judge)
    if (before) {
      repeated++
      found.push(...compact([differenceWhenTakenAgain(before, workload, execution)]))
    }
    if (found.length > 0) wrong++
    for (const one of found) says.add(`${one}, in ${workloadText(workload)}`)
  }
  return { schedules: runs, repeated, wrong, says: [...says] }
}

/** What is wrong in the run that was made last. */
export function wrongIn(execution: Execution, judge: Judge): string[] {
  const objections = judge
    .judge(execution.events)
    .flatMap(({ objections }) => objections.map(({ contract, says }) => `${contract}: ${says}`))
  const ends = badEndsOf(execution).map(({ says }) => says)
  const left = execution.end.kind === 'done' ? unaccounted() : []
  return [...objections, ...ends, ...left]
}

const shownOfEach = 10

/** How many had something wrong, of what, and the first things that it was. */
export function wrongText(of: string, { schedules, repeated, wrong, says }: Wrong): string {
  const head = `${of}: ${schedules} schedules, ${repeated} of them taken twice, something wrong in ${wrong}`
  const more = says.length > shownOfEach ? [`  and ${says.length - shownOfEach} more`] : []
  return [head, ...says.slice(0, shownOfEach).map((one) => `  ${one}`), ...more].join('\n')
}
