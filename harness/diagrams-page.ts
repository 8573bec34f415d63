/** The page of all diagrams, docs/diagrams.md: what the documents draw, drawn again from runs. */
import { max } from 'lodash'
import type { Execution } from '../engine/run'
import { judgeOf } from '../spec/judge'
import { kernelObservingAll } from './campaign'
import { describeEnd } from './ends'
import { fixtureNames, readFixture, replayFixture, type Fixture } from './fixture'
import { code, marked } from './markdown'
import { contracts, mutant } from './registry'
import { sourceOf } from './sources'
import { tell } from './story'

const linesMax = 30

/** The whole page. It depends on the fixtures, on the code that they run, and on the contracts. */
export function diagramsPage(): string {
  const fixtures = fixtureNames(['documents']).map(readFixture).sort(byNumber)
  return `${[...heading(fixtures.length), ...fixtures.flatMap(sectionOf)].join('\n\n')}\n`
}

function heading(count: number): string[] {
  return [
    '# Diagrams',
    `The races and deadlocks that the documents draw, ${count} runs, each on the code that a document shows or describes. ` +
      'On the reference no schedule of the same operations breaks a rule, reports anything or gets stuck, within the preemptions that the fixture names. ' +
      'What is not here is in [decision 0011](decisions/0011-diagrams-that-no-schedule-draws.md). ' +
      'This page is written by `npx hmm-conformance list --diagrams > docs/diagrams.md`.',
    'A run is drawn with as many of its events as fit, up to the last objection. ' +
      '`npx hmm-conformance show a-3` draws all of it, and `replay a-3` judges it again.',
  ]
}

function sectionOf(fixture: Fixture): string[] {
  const { id, title, world, tasks, cites, boot, reports = [] } = fixture
  const { lines, end } = drawn(fixture)
  const does = Object.entries(tasks).map(([task, ops]) => `${task} ${code(ops.join(', '))}`)
  const facts = [
    `World ${code(world)}: ${does.join('; ')}`,
    `On ${code(boot)}: ${marked(mutant(boot).says)}`,
    ...reports.map((report) => `Reported: ${code(report)}`),
    `Convicted by ${fixture.expect.join(', ')}`,
    ...(end === null ? [] : [`Ends: ${marked(end)}`]),
    ...cites.map((cite) => `Source: ${sourceOf(cite)}`),
  ]
  return [
    `## ${id.replace('a-', 'A-')}: ${marked(title)}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ['```', ...lines.map((line) => line.trimEnd()), '```'].join('\n'),
  ]
}

function drawn(fixture: Fixture): {
  readonly lines: readonly string[]
  readonly end: string | null
} {
  const execution = replayFixture(kernelObservingAll(mutant(fixture.boot).patches), fixture)
  const { end, events } = execution
  const lead = contracts.find(({ id }) => id === fixture.expect[0])!
  const isOver = end.kind === 'done'
  const until = isOver ? lastObjection(execution, fixture.expect) : events.length
  return {
    lines: tell(execution, lead, { linesMax, until }),
    end: isOver ? null : describeEnd(end),
  }
}

function lastObjection({ events }: Execution, expected: readonly string[]): number {
  const judged = contracts.filter(({ id }) => expected.includes(id))
  const findings = judgeOf(judged).judge(events)
  return max(findings.flatMap(({ objections }) => objections.map(({ at }) => at))) ?? events.length
}

/** A-2 comes before A-10. */
function byNumber(one: Fixture, other: Fixture): number {
  return numberOf(one) - numberOf(other) || (one.id < other.id ? -1 : 1)
}

const numberOf = ({ id }: Fixture): number => Number(/^a-(\d+)/.exec(id)?.[1] ?? Infinity)
