/**
 * One line of a recorded log: what one probe saw, when, on which CPU, in which task.
 *
 * Two spellings are read: the text that ftrace prints, `comm-pid [cpu] flags seconds: event: (site) a=1 b=0x2`,
 * and JSON, `{"comm":…,"pid":…,"cpu":…,"time":…,"event":…,"args":{"a":"1"}}`, one object a line.
 */

export interface LogLine {
  /** Counted from 1. */
  readonly number: number
  readonly comm: string
  readonly pid: number
  readonly cpu: number
  /** Seconds, as the log writes them. */
  readonly time: string
  /** The probe's name. */
  readonly event: string
  /** The arguments as they were written; {@link argumentsOf} reads them. */
  readonly rest: string
}

/** What a line can be, apart from one of a probe. */
export type Remark =
  /** A comment of the tracer, or an empty line. */
  | 'comment'
  /** The buffer was overrun: events were lost here. */
  | 'lost'
  /** Nothing that either spelling knows. */
  | 'foreign'

const ftraceLine =
  /^ *(\S.{0,31}?)-(\d{1,10}) +(?:\( *[\d-]+\) +)?\[(\d{1,6})\] +(?:[^ \d:]\S{2,7} +)?(\d{1,12}\.\d{1,9}): ([A-Za-z_][\w.:-]{0,99}?)(?:: |\(| ->|:$)(.*)$/
const lostEvents = /\[LOST \d+ EVENTS\]/

/** Reads one line. A line longer than the reader's limit comes cut, and is foreign or lacks arguments. */
export function lineOf(text: string, number: number): LogLine | Remark {
  if (text.charCodeAt(0) === 0x7b) return jsonLine(text, number)
  const found = ftraceLine.exec(text)
  if (found === null) return remarkOf(text)
  const [, comm, pid, cpu, time, event, rest] = found
  return {
    ...{ number, comm: comm!, pid: Number(pid), cpu: Number(cpu) },
    ...{ time: time!, event: event!, rest: rest! },
  }
}

function remarkOf(text: string): Remark {
  if (lostEvents.test(text)) return 'lost'
  return text.startsWith('#') || text.trim() === '' ? 'comment' : 'foreign'
}

function jsonLine(text: string, number: number): LogLine | Remark {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return 'foreign'
  }
  const { comm = '', pid, cpu, time = '', event, args = {} } = parsed as Record<string, unknown>
  if (typeof event !== 'string' || !isCount(pid) || !isCount(cpu)) return 'foreign'
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return 'foreign'
  const rest = Object.entries(args).map(([key, value]) => `${key}=${String(value)}`)
  return { number, comm: String(comm), pid, cpu, time: String(time), event, rest: rest.join(' ') }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The `name=value` pairs of a line. */
export function argumentsOf({ rest }: LogLine): Readonly<Record<string, string>> {
  const args: Record<string, string> = Object.create(null) as Record<string, string>
  // The site of the probe comes first, in parentheses that may hold blanks.
  let from = rest.startsWith('(') ? rest.indexOf(') ') + 1 : 0
  while (from < rest.length) {
    if (rest.charCodeAt(from) === 0x20) {
      from++
      continue
    }
    const next = rest.indexOf(' ', from)
    const end = next < 0 ? rest.length : next
    const equals = rest.indexOf('=', from)
    if (equals > from && equals < end) args[rest.slice(from, equals)] = rest.slice(equals + 1, end)
    from = end + 1
  }
  return args
}

/** A line as JSON of the second spelling. */
export function asJson(line: LogLine): string {
  const { comm, pid, cpu, time, event } = line
  return JSON.stringify({ comm, pid, cpu, time, event, args: { ...argumentsOf(line) } })
}

/** A number that a probe printed, decimal or hexadecimal and perhaps of 32 or 64 bits; null if it is none. */
export function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^(-?\d{1,20}|-?0x[0-9a-f]{1,16})$/i.test(text)) return null
  if (!/^0x[89a-f]/i.test(text)) return Number(text)
  if (text.length === 10) return Number(text) | 0
  return text.length === 18 ? Number(BigInt.asIntN(64, BigInt(text))) : Number(text)
}

const bitsOfAPage = 12
const digitsOfAPage = bitsOfAPage / 4

/** The page that an address lies in, exact for all 64 bits; null if it is no address. */
export function pageOf(address: string | undefined): number | null {
  if (address === undefined || !/^0x[0-9a-f]{1,16}$/i.test(address)) return null
  return Number.parseInt(`0${address.slice(2, -digitsOfAPage)}`, 16)
}

/** The first page behind what ends at an address. */
export function pageBehind(address: string | undefined): number | null {
  const page = pageOf(address)
  return page === null || /000$|^0x0$/.test(address!) ? page : page + 1
}
