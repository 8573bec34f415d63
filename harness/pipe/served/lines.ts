/** A program's side of the pipe: lines of the standard streams, one in, one out. */
import { readSync, writeSync } from 'node:fs'
import type { Request } from '../messages'

export type Line = Request & { readonly id: number }

const newline = 10
const chunk = Buffer.alloc(2 ** 16)
let pending = Buffer.alloc(0)

/** The next line of the suite's; where there is none any more the process ends. */
export function receive(): Line {
  for (;;) {
    const end = pending.indexOf(newline)
    if (end >= 0) {
      const line = pending.subarray(0, end).toString('utf8')
      pending = pending.subarray(end + 1)
      return JSON.parse(line) as Line
    }
    const length = readSync(0, chunk)
    if (length === 0) process.exit(0)
    pending = Buffer.concat([pending, chunk.subarray(0, length)])
  }
}

export function send(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`)
}
