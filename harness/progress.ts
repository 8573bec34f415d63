/** How far a long command has come: a bar on a terminal, now and then a line elsewhere. On stderr alone. */

export interface Progress {
  /** So much more is done. */
  advance(by: number): void
  /** What is being done now, behind the bar. */
  doing(what: string): void
  /** Clears the bar, before something else is printed and at the end. */
  clear(): void
}

/** What progress is written to: `process.stderr`, or what stands for it. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const barWidth = 30
const msBetweenLines = 10_000

export const noProgress: Progress = {
  advance: () => undefined,
  doing: () => undefined,
  clear: () => undefined,
}

/** Progress towards `total` of something, such as schedules; `Infinity` if nobody knows. */
export function progressOf(
  total: number,
  unit: string,
  stream: ProgressStream = process.stderr,
  now: () => number = Date.now,
): Progress {
  let done = 0
  let what = ''
  let lastLine = now()
  const show = () => {
    const all = total === Infinity ? '' : ` of ${total}`
    const text = `${done}${all} ${unit}${what && `, ${what}`}`
    if (stream.isTTY) stream.write(`\r${bar(done / total)} ${text}\x1b[K`)
    else if (now() - lastLine >= msBetweenLines) {
      lastLine = now()
      stream.write(`${text}\n`)
    }
  }
  return {
    advance(by) {
      done = Math.min(total, done + by)
      show()
    },
    doing(now) {
      what = now
      show()
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}

function bar(share: number): string {
  const full = Math.round(share * barWidth)
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`
}
