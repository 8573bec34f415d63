/** Markdown: tables, in columns as the formatter would have them, and words set as code. */

type Align = 'left' | 'right'

export interface Column {
  readonly heading: string
  readonly align: Align
}

export const left = (heading: string): Column => ({ heading, align: 'left' })
export const right = (heading: string): Column => ({ heading, align: 'right' })

export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, at) =>
    Math.max(3, heading.length, ...rows.map((row) => row[at]!.length)),
  )
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const padded = (cells: readonly string[]) =>
    line(
      cells.map((cell, at) =>
        columns[at]!.align === 'left' ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!),
      ),
    )
  const rule = columns.map(({ align }, at) =>
    align === 'left' ? '-'.repeat(widths[at]!) : `${'-'.repeat(widths[at]! - 1)}:`,
  )
  return [padded(columns.map(({ heading }) => heading)), line(rule), ...rows.map(padded)].join('\n')
}

export const code = (text: string): string => `\`${text}\``

/** Names of the kernel's are set as code: they have an underscore, or an arrow. */
export function marked(text: string): string {
  return text.replace(/[\w-]*(?:->|_)[\w>-]+/g, (name) => code(name))
}
