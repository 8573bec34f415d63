/** Markdown tables, in columns as the formatter would have them, and numbers as they are read. */

export type Align = 'left' | 'right'

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

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

/** As many decimals as a figure of its size deserves. */
export function figure(value: number): string {
  if (Math.abs(value) >= 100) return whole(value)
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

export const times = (value: number): string => `${figure(value)} ×`

/** A share, rounded down, so that 100 % means all; the addend is for what binary fractions lose. */
export const percent = (share: number): string => `${Math.floor(share * 1000 + 1e-6) / 10} %`

export const milliseconds = (ms: number): string =>
  ms >= 1000 ? `${figure(ms / 1000)} s` : `${figure(ms)} ms`

export const code = (text: string): string => `\`${text}\``
