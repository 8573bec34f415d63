/**
 * One line of a recorded log: what one probe saw, when, on which CPU, in which task.
 *
 * Two spellings are read: the text that ftrace prints, `comm-pid [cpu] flags seconds: event: (site) a=1 b=0x2`,
 * and JSON, `{"comm":…,"pid":…,"cpu":…,"event":…,"args":{"a":"1"}}`, one object a line.
 */

export interface LogLine {
  /** Counted from 1. */
  readonly number: number
  readonly comm: string
  readonly pid: number
  readonly cpu: number
  /** The probe's name. */
  readonly event: string
  /** What follows it; {@link argumentsOf} reads it. */
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

const lostEvents = /\[LOST \d+ EVENTS\]/
const commLengthMax = 32
const bracketsMax = 3

/**
 * Reads one line. A line longer than the reader's limit comes cut, and is foreign or lacks arguments.
 * By hand, because a regular expression for this is most of the time that a large log takes.
 */
export function lineOf(text: string, number: number): LogLine | Remark {
  if (text.charCodeAt(0) === 0x7b) return jsonLine(text, number)
  // A task's name may have brackets too.
  let open = text.indexOf('[')
  for (let tries = 0; open > 0 && tries < bracketsMax; tries++) {
    const line = lineAround(text, open, number)
    if (line) return line
    open = text.indexOf('[', open + 1)
  }
  return remarkOf(text)
}

/** The line whose CPU is in the brackets that open at an index. */
function lineAround(text: string, open: number, number: number): LogLine | null {
  const close = text.indexOf(']', open)
  const cpu = wholeNumber(text, open + 1, close)
  const endOfPid = behindTask(text, open)
  const dash = text.lastIndexOf('-', endOfPid - 1)
  const pid = wholeNumber(text, dash + 1, endOfPid)
  const colon = text.indexOf(': ', close)
  if (cpu < 0 || pid < 0 || dash < 1 || colon < 0 || !isDigit(text, colon - 1)) return null
  let from = 0
  while (text.charCodeAt(from) === 0x20) from++
  const behind = behindName(text, colon + 2)
  if (dash - from > commLengthMax || behind === colon + 2) return null
  const event = text.slice(colon + 2, behind)
  return { number, comm: text.slice(from, dash), pid, cpu, event, rest: text.slice(behind + 1) }
}

/** Behind the pid: blanks, and the thread group in parentheses, are passed over. */
function behindTask(text: string, open: number): number {
  let end = open
  while (text.charCodeAt(end - 1) === 0x20) end--
  if (text.charCodeAt(end - 1) !== 0x29) return end
  end = Math.max(0, text.lastIndexOf('(', end))
  while (text.charCodeAt(end - 1) === 0x20) end--
  return end
}

const digitsMax = 10

/** The number that the digits from `from` to before `to` are; -1 if they are none. */
function wholeNumber(text: string, from: number, to: number): number {
  if (to <= from || to - from > digitsMax) return -1
  let value = 0
  for (let index = from; index < to; index++) {
    if (!isDigit(text, index)) return -1
    value = value * 10 + text.charCodeAt(index) - 0x30
  }
  return value
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 0x30 && code <= 0x39
}

function behindName(text: string, from: number): number {
  let index = from
  while (isDigit(text, index) || isLetter(text.charCodeAt(index))) index++
  return index
}

function isLetter(code: number): boolean {
  const lower = code | 0x20
  return code === 0x5f || (lower >= 0x61 && lower <= 0x7a)
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
  const { comm = '', pid, cpu, event, args = {} } = parsed as Record<string, unknown>
  if (typeof event !== 'string' || !isCount(pid) || !isCount(cpu)) return 'foreign'
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return 'foreign'
  const rest = Object.entries(args).map(([key, value]) => ` ${key}=${String(value)}`)
  return { number, comm: String(comm), pid, cpu, event, rest: rest.join('') }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The value of `name=value` among what follows an event, if it is there. */
export type Arguments = (name: string) => string | undefined

export function argumentsOf({ rest }: LogLine): Arguments {
  return (name) => {
    const key = ` ${name}=`
    const at = rest.indexOf(key)
    if (at < 0) return undefined
    const from = at + key.length
    const end = rest.indexOf(' ', from)
    return end < 0 ? rest.slice(from) : rest.slice(from, end)
  }
}

/** A line as JSON of the second spelling. */
export function asJson({ comm, pid, cpu, event, rest }: LogLine): string {
  const pairs = [...rest.matchAll(/ (\w+)=(\S+)/g)].map(([, key, value]) => [key, value])
  return JSON.stringify({ comm, pid, cpu, event, args: Object.fromEntries(pairs) as object })
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
