/** Reads a log of any size, plain or gzipped, line by line: what is held of it is one piece and one line. */
import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UsageError } from '../../engine/errors'
import { lineOf, type LogLine } from './line'

/** What a log says of itself, apart from what its probes saw. */
export interface LogState {
  /** Lines of the file, comments included. */
  lines: number
  /** Lines that a probe wrote. */
  events: number
  /** Lines that are neither a probe's nor a comment. */
  foreign: number
  /** Where lines show that events were lost: numbers of lines, the first of them only. */
  readonly lost: number[]
  /** The buffer's oldest events were overwritten before it was read. */
  overwritten: boolean
  /** The file ends within a line, or within its compressed data. */
  cut: boolean
}

export const noLines = (): LogState => ({
  ...{ lines: 0, events: 0, foreign: 0, lost: [], overwritten: false, cut: false },
})

/** Hears the lines of a log in their order. */
export interface LineHearer {
  line(line: LogLine): void
  /** Events are missing between what was heard and what will be. */
  lost(): void
}

const returnLine = /[ "](\w{1,100})_ret(?:: |")/g
const nameLengthMax = 110
const lineLengthMax = 16_384
const lostMax = 10
/** Small enough for strings of it to be young when they die. */
const pieceSize = 1 << 16

/** Hands every line of a file on; an unreadable file is a {@link UsageError}. */
export async function readLog(file: string, hearer: LineHearer): Promise<LogState> {
  const state = noLines()
  const feed = linesOf(state, hearer)
  try {
    for await (const piece of await opened(file)) feed.piece((piece as Buffer).toString('latin1'))
  } catch (error) {
    if (!isCut(error)) throw error
    state.cut = true
  }
  feed.end()
  return state
}

/** Names of functions of which a file has lines of returns. */
export async function returnsIn(file: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  let before = ''
  try {
    for await (const piece of await opened(file)) {
      const text = before + (piece as Buffer).toString('latin1')
      for (const [, name] of text.matchAll(returnLine)) found.add(name!)
      before = text.slice(-nameLengthMax)
    }
  } catch (error) {
    if (!isCut(error)) throw error
  }
  return found
}

/** A log that is text already, as tests have it. */
export function readText(text: string, hearer: LineHearer): LogState {
  const state = noLines()
  const feed = linesOf(state, hearer)
  feed.piece(text)
  feed.end()
  return state
}

export function returnsInText(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(returnLine)].map(([, name]) => name!))
}

async function opened(file: string): Promise<NodeJS.ReadableStream> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(
      `there is no log "${file}"; check-trace takes files of ftrace text or JSON lines`,
    )
  const plain = createReadStream(file, { highWaterMark: pieceSize })
  if (!(await isCompressed(file))) return plain
  const gunzip = createGunzip({ chunkSize: pieceSize })
  // An error of either end comes up where the pieces are read.
  pipeline(plain, gunzip, () => undefined)
  return gunzip
}

async function isCompressed(file: string): Promise<boolean> {
  for await (const piece of createReadStream(file, { end: 1 }))
    return (piece as Buffer).equals(Buffer.from([0x1f, 0x8b]))
  return false
}

/** What zlib says of data that end too early or are not data of its own. */
function isCut(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code !== undefined && /^Z_(BUF|DATA)_ERROR$/.test(code)
}

/** Cuts pieces into lines. */
function linesOf(state: LogState, hearer: LineHearer) {
  let begun = ''
  const line = (text: string) => {
    state.lines++
    const read = lineOf(text, state.lines)
    if (typeof read !== 'string') {
      state.events++
      hearer.line(read)
    } else if (read === 'foreign') state.foreign++
    else if (read === 'lost') lost()
    else if (isOverwritten(text)) state.overwritten = true
  }
  const lost = () => {
    if (state.lost.length < lostMax) state.lost.push(state.lines)
    hearer.lost()
  }
  return {
    piece(piece: string): void {
      let from = 0
      for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
        const rest = piece.slice(from, end)
        line(begun === '' ? rest : (begun + rest).slice(0, lineLengthMax))
        begun = ''
        from = end + 1
      }
      // What is longer than any line of a probe is not kept.
      if (begun.length < lineLengthMax) begun += piece.slice(from, from + lineLengthMax)
    },
    end(): void {
      if (begun === '') return
      state.cut = true
      // Half a line says nothing: a number in it may lack digits.
      state.lines++
    },
  }
}

/** `entries-in-buffer/entries-written: 100/250`: the first 150 are gone. */
function isOverwritten(text: string): boolean {
  const counts = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(text)
  return counts !== null && Number(counts[1]) < Number(counts[2])
}
