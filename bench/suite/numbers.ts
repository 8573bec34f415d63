/** Numbers as they are read. */

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
