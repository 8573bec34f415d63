/** `record`: finds a schedule for a fixture anew, the one with the fewest switches that the search meets. */
import { writeFileSync } from 'node:fs'
import { difference, isEqual, minBy, omit } from 'lodash'
import { recorded, type Choice } from '../../engine/choice'
import { stickyWalk } from '../../engine/strategies/sticky'
import { enumerate } from '../../engine/enumerate'
import { UsageError } from '../../engine/errors'
import type { Execution } from '../../engine/run'
import { judgeOf, objectingTo } from '../../spec/judge'
import { kernelFor } from '../campaign'
import {
  cycleOf,
  fixturePath,
  readFixture,
  reportsOf,
  scheduleOf,
  workloadOf,
  type Fixture,
} from '../fixture'
import { contracts } from '../registry'
import { subjectNamed } from '../subject'
import { runWorkload } from '../workload'

const preemptionsMax = 3
const enumeratedMax = 40_000
const walksMax = 200_000
const walksKept = 40

export function recordCommand(name: string): number {
  const fixture = readFixture(name)
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, subjectNamed(fixture.boot).patches)
  const execute = (choice: Choice) =>
    runWorkload(kernel, workloadOf(fixture), choice, { labels: true })
  const fits = (execution: Execution) => {
    const objecting = objectingTo(execution.events, contracts, judge).map(
      ({ contract }) => contract.id,
    )
    const allowed = [...fixture.expect, ...Object.keys(fixture.may)]
    return (
      execution.end.kind === fixture.end &&
      difference(fixture.expect, objecting).length === 0 &&
      difference(objecting, allowed).length === 0 &&
      isEqual(reportsOf(execution.events), fixture.reports ?? reportsOf(execution.events)) &&
      isEqual(cycleOf(execution.end), fixture.cycle ?? cycleOf(execution.end))
    )
  }
  const found = search(execute, fits)
  if (!found)
    throw new UsageError(
      `no schedule of "${name}" shows what it expects; its tasks or its patch set must change`,
    )
  const written = withWhatItShows(fixture, found)
  writeFileSync(fixturePath(name), `${JSON.stringify(written, null, 2)}\n`)
  console.log(`${name}: ${found.steps.length} steps, ${found.preemptions} preemptions`)
  return 0
}

/** The fixture with the run's schedule, its reports and, if it is stuck, its cycle. */
function withWhatItShows(fixture: Fixture, found: Execution): Fixture {
  const { end, bound, ...before } = omit(fixture, 'reports', 'cycle')
  const reports = reportsOf(found.events)
  const cycle = cycleOf(found.end)
  return {
    ...before,
    schedule: scheduleOf(found),
    ...(reports.length > 0 && { reports }),
    end,
    ...(cycle.length > 0 && { cycle }),
    bound,
  }
}

function search(
  execute: (choice: Choice) => Execution,
  fits: (execution: Execution) => boolean,
): Execution | null {
  let found: Execution | null = null
  enumerate(execute, preemptionsMax, enumeratedMax, (execution) => {
    if (fits(execution)) found = execution
    return found !== null
  })
  if (found) return found
  const walked: Execution[] = []
  for (let seed = 0; walked.length < walksKept && seed < walksMax; seed++) {
    const execution = execute(stickyWalk(seed))
    if (fits(execution)) walked.push(withFewerSwitches(execution, execute, fits))
  }
  return minBy(walked, ({ preemptions }) => preemptions) ?? null
}

/** Takes back one switch after the other as long as the run still fits. */
function withFewerSwitches(
  start: Execution,
  execute: (choice: Choice) => Execution,
  fits: (execution: Execution) => boolean,
): Execution {
  let best = start
  for (let at = 0; at < best.choices.length; at++) {
    if (best.choices[at] === 0) continue
    const tried = execute(recorded(best.choices.with(at, 0)))
    if (!fits(tried) || tried.preemptions >= best.preemptions) continue
    best = tried
    at = -1
  }
  return best
}
