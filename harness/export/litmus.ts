/**
 * A run like a litmus test: what is there at first, a column a task, and the objections as what exists.
 *
 * Unlike one that herd reads, it has one order only: steps are numbered and read downwards. A step goes from the call
 * that it begins with to the next of its column; indented is what begins or returns meanwhile. Nothing is cut.
 */
import { wrap } from '../../engine/columns'
import { sourceOf } from '../sources'
import type { ExportedObjection, ExportedRun, ExportedTask } from './exported-run'

export function litmus(run: ExportedRun): string {
  const { boot, title, world, tasks } = run
  return [
    `HMM ${[run.objections[0]?.contract.id, boot].filter(Boolean).join('+')}`,
    ...(title === null ? [] : [`"${title}"`]),
    ...heading(run),
    '{',
    ...world.map((sentence) => ` ${sentence};`),
    ...tasks.map((task, i) => ` P${i}: ${whatDoes(task)};`),
    '}',
    ...table(run),
    '',
    exists(run),
  ].join('\n')
}

function heading({ objections, boot, token, steps }: ExportedRun): string[] {
  const rules = objections.flatMap(({ contract: { id, says, cites } }) => [
    ...wrap(`${id}: ${says}`, '  '),
    `  (${sourceOf(cites[0]!)})`,
  ])
  const told = [
    ...(rules.length === 0 ? ['no contract objects'] : rules),
    'A step goes from its call up to the next one of its column; indented is what',
    'begins or returns meanwhile.',
    `${steps.length} steps on "${boot}", replayed by`,
    `  npx hmm-conformance replay ${token}`,
  ]
  return ['(*', ...told.map((line) => ` * ${line}`), ' *)']
}

function whatDoes({ name, ops }: ExportedTask): string {
  return ops.length === 0
    ? `${name}, which serves the others`
    : `${name} does ${ops.join(', then ')}`
}

function table({ tasks, steps, objections }: ExportedRun): string[] {
  const until = lastStepTold(objections, steps.length)
  const columns = tasks.map(({ id }) => id)
  const rows = steps.slice(0, until).flatMap(({ number, task, lines }) =>
    lines.map((line, i) => {
      const text = i === 0 ? line : `  ${line}`
      return [i === 0 ? String(number) : '', ...columns.map((id) => (id === task ? text : ''))]
    }),
  )
  const stuck = until < steps.length ? [] : tasks.filter(({ stuckAt }) => stuckAt !== null)
  const never = stuck.map(({ id, stuckAt }) => [
    '',
    ...columns.map((column) => (column === id ? `never gets past: ${stuckAt}` : '')),
  ])
  const headings = ['', ...tasks.map((_, i) => `P${i}`)]
  const all = [headings, ...rows, ...never]
  const widths = headings.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  const drawn = all.map(([number, ...cells]) => {
    const padded = cells.map((cell, i) => cell.padEnd(widths[i + 1]!))
    return ` ${number!.padStart(widths[0]!)} ${padded.join(' | ')} ;`
  })
  const left = steps.length - until
  return left === 0 ? drawn : [...drawn, ` (* steps ${until + 1} to ${steps.length} follow *)`]
}

/** Behind the last objection nothing needs to be told. */
function lastStepTold(objections: readonly ExportedObjection[], steps: number): number {
  const told = objections.map(({ step }) => step ?? steps)
  return told.length === 0 ? steps : Math.max(...told)
}

function exists({ objections, end, endsWell }: ExportedRun): string {
  const found = objections.map(
    ({ contract, says, step }) =>
      `${contract.id} ${step === null ? 'at the end' : `in step ${step}`}: ${says}`,
  )
  const ends = objections.length > 0 && endsWell ? [] : [end]
  return `exists (${[...found, ...ends].join('\n     /\\ ')})`
}
