/**
 * Sequence counts: a reader finds out that a writer was at work, and begins again. Odd while one is
 * (000:6889-6892). Writers keep each other out by other means.
 */
import { point, type AtomicTask } from '../../engine/task'
import { struct } from './slab'

export interface seqcount_t {
  readonly name: string
  sequence: number
}

export const seqcount = struct('seqcount', (): seqcount_t => ({ name: '', sequence: 0 }))

/** From even to odd (000:6910-6911). */
export function write_seqcount_begin(s: seqcount_t): void {
  s.sequence++
}

/** From odd to even (000:6889-6892). */
export function write_seqcount_end(s: seqcount_t): void {
  s.sequence++
}

/** What the sequence is now: odd if a writer is at work (000:6889-6892). */
export function* raw_read_seqcount(s: seqcount_t): AtomicTask<number> {
  yield* point('read sequence', s)
  return s.sequence
}

/** Whether what was read since `start` may be half of the old and half of the new (000:6945-6946). */
export function* read_seqcount_retry(s: seqcount_t, start: number): AtomicTask<boolean> {
  yield* point('read sequence', s)
  return s.sequence !== start
}
