/** Timelines as kernel mails draw them: one column a task, one line a step, read downwards. */

export interface Line {
  /** Index of the column. */
  readonly column: number
  readonly text: string
}

export const widthMax = 78
const gap = 2

/** Draws lines under headings, at most {@link widthMax} characters wide; long lines are cut. */
export function drawColumns(headings: readonly string[], lines: readonly Line[]): string[] {
  const width = Math.floor((widthMax - gap * (headings.length - 1)) / headings.length)
  const cells = (texts: readonly string[]) =>
    texts
      .map((text) => cut(text, width).padEnd(width + gap))
      .join('')
      .trimEnd()
  const blank = headings.map(() => '')
  return [
    cells(headings),
    cells(headings.map((heading) => '-'.repeat(Math.min(heading.length, width)))),
    ...lines.map(({ column, text }) => cells(blank.with(column, text))),
  ]
}

/** Breaks prose into lines of at most {@link widthMax} characters, each after the first indented. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let [line, ...words] = text.split(' ') as [string, ...string[]]
  for (const word of words) {
    if (line.length + 1 + word.length > widthMax) {
      lines.push(line)
      line = indent + word
    } else line = `${line} ${word}`
  }
  return [...lines, line]
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 2)}..`
}
