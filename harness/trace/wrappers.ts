/**
 * The inline functions through which the kernel calls the core's out-of-line ones.
 *
 * No probe can be put on them, but nobody else calls the core, and the arguments tell through which it was called.
 */

export const startOfPass = '__mmu_notifier_invalidate_range_start'
export const endOfPass = '__mmu_notifier_invalidate_range_end'

const starts = {
  blockable: 'mmu_notifier_invalidate_range_start',
  nonblock: 'mmu_notifier_invalidate_range_start_nonblock',
}
const ends = {
  full: 'mmu_notifier_invalidate_range_end',
  only: 'mmu_notifier_invalidate_range_only_end',
}

/** Through which a function of the core was called with these arguments, or null. */
export function wrapperOf(symbol: string, ids: object): string | null {
  const { blockable, only_end } = ids as { blockable?: boolean; only_end?: boolean }
  if (symbol === startOfPass) return blockable ? starts.blockable : starts.nonblock
  if (symbol === endOfPass) return only_end ? ends.only : ends.full
  return null
}

/** All through which it may be called. */
export function wrappersOf(symbol: string): readonly string[] {
  if (symbol === startOfPass) return Object.values(starts)
  return symbol === endOfPass ? Object.values(ends) : []
}
