/**
 * The event alphabet: every symbol that the headers declare, and what whoever records adds.
 * An entry is heard as `name`, a return as `name.return`.
 */
import type { Event } from '../engine/events'
import type { Shown } from '../engine/symbol'
import type * as access from './headers/access'
import type * as device from './headers/device'
import type * as gfp from './headers/gfp'
import type * as hmm from './headers/hmm'
import type * as intervalNotifier from './headers/interval_notifier'
import type * as jobs from './headers/jobs'
import type * as list from './headers/list'
import type * as lockdep from './headers/lockdep'
import type * as locking from './headers/locking'
import type * as memremap from './headers/memremap'
import type * as mm from './headers/mm'
import type * as mmuInvlock from './headers/mmu_invlock'
import type * as mmuNotifier from './headers/mmu_notifier'
import type * as sched from './headers/sched'
import type * as workqueue from './headers/workqueue'

type Headers = typeof access &
  typeof device &
  typeof gfp &
  typeof hmm &
  typeof intervalNotifier &
  typeof jobs &
  typeof list &
  typeof lockdep &
  typeof locking &
  typeof memremap &
  typeof mm &
  typeof mmuInvlock &
  typeof mmuNotifier &
  typeof sched &
  typeof workqueue

type ShownBy<S> = S extends { readonly shows?: infer X } ? Exclude<X, undefined> : never
type SymbolNames<H> = { [N in keyof H]: ShownBy<H[N]> extends Shown<any, any> ? N : never }[keyof H]
type Payloads = {
  [N in Exclude<SymbolNames<Headers>, 'release' | 'mirror_release'> & string]: ShownBy<Headers[N]>
}

/** Ops are heard under their table's name only where two tables have an op of one name. */
interface Alphabet extends Payloads {
  'mmu_notifier_ops.release': ShownBy<typeof mmuNotifier.release>
  'hmm_mirror_ops.release': ShownBy<typeof hmm.mirror_release>
}

interface Builtin {
  /** A task died: BUG, use after free, or an exception of the implementation. */
  oops: { message: string; stack: string }
  /** The run is over; `kind` says how. */
  run_end: { kind: string }
  /** A recorded log shows for the first time that a notifier has an op, just before its call. */
  op_shown: { mn: string; op: string }
}

type CallEvent<P> = P extends Shown<infer I, any> ? Event & I : never
type ReturnEvent<P> =
  P extends Shown<infer I, any> ? Event & I & { readonly result: P['result'] } : never

/** From the name of what is heard to the event that is heard. */
export type Heard = { [N in keyof Alphabet]: CallEvent<Alphabet[N]> } & {
  [N in keyof Alphabet as `${N & string}.return`]: ReturnEvent<Alphabet[N]>
} & { [N in keyof Builtin]: Event & Builtin[N] }

/** Names under which ops are heard, and the symbol each stands for. */
const spelledOut: Readonly<Record<string, string>> = {
  invalidate_range_start: 'mmu_notifier_ops.invalidate_range_start',
  invalidate_range_end: 'mmu_notifier_ops.invalidate_range_end',
  invalidate_range: 'mmu_notifier_ops.invalidate_range',
  change_pte: 'mmu_notifier_ops.change_pte',
  clear_flush_young: 'mmu_notifier_ops.clear_flush_young',
  clear_young: 'mmu_notifier_ops.clear_young',
  test_young: 'mmu_notifier_ops.test_young',
  invalidate: 'mmu_interval_notifier_ops.invalidate',
  sync_cpu_device_pagetables: 'hmm_mirror_ops.sync_cpu_device_pagetables',
}

/** The symbol and phase behind a name such as `down_read.return`. */
export function heardSymbol(name: string): { symbol: string; phase: 'call' | 'return' } {
  const isReturn = name.endsWith('.return')
  const bare = isReturn ? name.slice(0, -'.return'.length) : name
  return { symbol: spelledOut[bare] ?? bare, phase: isReturn ? 'return' : 'call' }
}

/** Events that are no symbol's: whoever records a run or reads a log makes them. */
export const builtinEvents: ReadonlySet<string> = new Set([
  'oops',
  'run_end',
  'op_shown',
  'others_listen',
])
