/** Timelines as kernel mails draw them: one column a task, one line a step, read downwards. */

export interface Line {
  /** Index of the column. */
  readonly column: number
  readonly text: string
  /** Written in the margin. */
  readonly mark?: string
}

export const widthMax = 78
const gap = 2
/** Five columns and more would say nothing in so little room: they take what they need to be read. */
const columnWidthMin = 17

/**
 * Draws lines under headings, at most {@link widthMax} characters wide up to four columns; long lines are cut. There
 * is a margin on the left if a line has a mark.
 */
export function drawColumns(headings: readonly string[], lines: readonly Line[]): string[] {
  const longest = Math.max(0, ...lines.map(({ mark = '' }) => mark.length))
  const margin = longest === 0 ? 0 : longest + 1
  const count = headings.length
  const share = Math.floor((widthMax - margin - gap * (count - 1)) / count)
  const width = Math.max(share, columnWidthMin)
  const cells = (texts: readonly string[], mark = '') => {
    const padded = texts.map((text) => cut(text, width).padEnd(width + gap))
    return [mark.padStart(longest).padEnd(margin), ...padded].join('').trimEnd()
  }
  const blank = headings.map(() => '')
  return [
    cells(headings),
    cells(headings.map((heading) => '-'.repeat(Math.min(heading.length, width)))),
    ...lines.map(({ column, text, mark }) => cells(blank.with(column, text), mark)),
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
