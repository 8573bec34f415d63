/**
 * A run as a table of HTML: a column a task, a row an event, read downwards. Every observed call is there; how
 * many are seen is chosen on the page, without a script.
 */
import { escape, sortBy, uniq } from 'lodash'
import type { Event } from '../../engine/events'
import type { Execution } from '../../engine/run'
import type { Objection } from '../../spec/judge'
import { columnName, say, type Levels } from '../story'

/** What is to be shown of one run. */
export interface Timeline {
  readonly execution: Execution
  /** Position in the log at which the short telling ends. */
  readonly until: number
  readonly objections: readonly Objection[]
  /** The share of random continuations that fail: before the first step, then behind each. Empty if not known. */
  readonly shares: readonly number[]
  /** Numbers of steps, from 1, that the prose speaks of. */
  readonly named: readonly number[]
}

interface Row {
  readonly event: Event
  /** Positions in the log of the first and the last event that it stands for. */
  readonly at: number
  readonly until: number
  readonly text: string
  /** Calls of its task that were open already. */
  readonly depth: number
}

export function timelineTable(timeline: Timeline, levels: Levels): string {
  const { execution, objections, shares } = timeline
  const rows = rowsOf(execution.events)
  const columns = sortBy(uniq(rows.map(({ event }) => event.task)))
  const headings = columns.map((task) => columnName(execution.tasks[task] ?? String(task)))
  const curve = shares.length === 0 ? '' : '<th title="random continuations that fail">fails</th>'
  const width = columns.length + (curve ? 2 : 1)
  const named = new Set(timeline.named)
  const body = rows.map((row) => {
    const { step } = row.event
    const marks = objections.filter(({ at }) => row.at <= at && at <= row.until)
    const isNamed = named.delete(step + 1)
    const isTold = isNamed || marks.length > 0
    const level = isTold ? 0 : Math.max(levelOf(row.event, levels), row.at > timeline.until ? 1 : 0)
    const number = `<td class="${isNamed ? 'named' : 'step'}">${step + 1}</td>`
    const share = curve && shareCell(shares[step + 1])
    const cells = columns.map((task) => (task === row.event.task ? cellOf(row) : '<td></td>'))
    const classes = `level${level}${marks.length > 0 ? ' objected' : ''}`
    const line = `<tr class="${classes}">${number}${share}${cells.join('')}</tr>`
    return [line, ...marks.map((mark) => objectionRow(mark, width))].join('\n')
  })
  const atTheEnd = objections.filter(({ at }) => execution.events[at]!.task < 0)
  return `<table class="timeline">
<thead><tr><th>step</th>${curve}${headings.map((heading) => `<th>${escape(heading)}</th>`).join('')}</tr></thead>
<tbody>
${[...body, ...atTheEnd.map((mark) => objectionRow(mark, width))].join('\n')}
</tbody>
</table>`
}

/** A row an entry; a return has one where something came between that is not its own. */
function rowsOf(events: readonly Event[]): Row[] {
  const depths = new Map<number, number>()
  const rows: Row[] = []
  for (const event of events) {
    const { at, task, phase, entry } = event
    if (task < 0) continue
    const open = depths.get(task) ?? 0
    if (phase === 'call') {
      const returned = events[at + 1]?.phase === 'return' && events[at + 1]!.entry === at
      const text = say(event) + (returned ? resultText(events[at + 1]!) : '')
      rows.push({ event, at, until: returned ? at + 1 : at, text, depth: open })
      if (hasReturn(event)) depths.set(task, open + 1)
    } else {
      depths.set(task, open - 1)
      const text = `${event.symbol}${resultText(event)}`
      if (entry !== at - 1) rows.push({ event, at, until: at, text, depth: open - 1 })
    }
  }
  return rows
}

/** 0 in the short telling, 1 if it matters to the contract, else 2. */
function levelOf({ symbol, phase, result }: Event, { story, known }: Levels): number {
  if (phase === 'return' && result === undefined) return 2
  if (story.has(symbol)) return 0
  return known.has(symbol) ? 1 : 2
}

function resultText({ result }: Event): string {
  return result === undefined ? '' : ` → ${String(result)}`
}

/** The engine's own events have no return. */
const hasReturn = ({ symbol }: Event): boolean => symbol !== 'oops' && symbol !== 'run_end'

function cellOf({ event, text, depth }: Row): string {
  const indent = event.symbol === 'operation' ? 0 : Math.min(depth, 12)
  return `<td class="${event.symbol === 'operation' ? 'operation' : 'event'}" style="padding-left:${0.4 + indent * 0.7}em" title="${escape(event.symbol)}">${escape(text)}</td>`
}

function shareCell(share: number | undefined): string {
  if (share === undefined) return '<td></td>'
  const percent = Math.round(share * 100)
  return `<td class="share"><span style="width:${percent}%"></span><b>${percent} %</b></td>`
}

function objectionRow({ contract, says }: Objection, width: number): string {
  return `<tr class="level0 objection"><td colspan="${width}">&rArr; <b>${escape(contract)}</b>: ${escape(says)}</td></tr>`
}
