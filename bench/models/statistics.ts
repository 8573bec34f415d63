/** What the benchmarks make of many measurements. */
import { sortBy } from 'lodash'

/** The upper median; NaN of nothing. */
export function median(values: readonly number[]): number {
  return sortBy(values)[values.length >> 1] ?? NaN
}

/** The share of values that satisfy `is`; NaN of nothing. */
export function share<T>(values: readonly T[], is: (value: T) => boolean): number {
  return values.filter(is).length / values.length
}
