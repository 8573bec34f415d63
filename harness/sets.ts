/** Whole subsystems by name: the symbols that an implementation of one replaces. */
import { UsageError } from '../engine/errors'
import type { AnySymbol } from '../engine/symbol'
import * as atsDevice from '../reference/devices/ats-device'
import * as translatingDevice from '../reference/devices/translating-device'
import * as ats from '../reference/drivers/ats'
import * as dma from '../reference/drivers/dma'
import * as hfi1MmuRb from '../reference/drivers/hfi1_mmu_rb'
import * as hfi1UserSdma from '../reference/drivers/hfi1_user_sdma'
import * as i915Userptr from '../reference/drivers/i915_userptr'
import * as ibUcontext from '../reference/drivers/ib_ucontext'
import * as intervalMirror from '../reference/drivers/interval_mirror'
import * as invlockGpu from '../reference/drivers/invlock_gpu'
import * as kvm from '../reference/drivers/kvm'
import * as nouveauDmem from '../reference/drivers/nouveau_dmem'
import * as nouveauSvm from '../reference/drivers/nouveau_svm'
import * as nouveauFaultBuffer from '../reference/drivers/nouveau_svm_fault_buffer'
import * as odp from '../reference/drivers/odp'
import * as radeonCs from '../reference/drivers/radeon_cs'
import * as radeonMn from '../reference/drivers/radeon_mn'
import * as hmm from '../spec/headers/hmm'
import * as lockdep from '../spec/headers/lockdep'
import * as memremap from '../spec/headers/memremap'
import * as mm from '../spec/headers/mm'
import * as invlock from '../spec/headers/mmu_invlock'
import * as notifierCore from '../spec/headers/mmu_notifier'
import * as sched from '../spec/headers/sched'

/** What a program can implement: of the others the functions are known in process alone. */
export const setNamesOverPipe = ['hmm', 'notifier-core'] as const
export const setNames = [...setNamesOverPipe, 'invlock', 'driver', 'device', 'mm', 'debug'] as const
export type SetName = (typeof setNames)[number]

const { lockdep_report: _report, ...lockdepChecks } = lockdep
const { might_sleep, schedule_debug, non_block_start, non_block_end } = sched
/** What the CPU does is seen, and done by nobody. */
const { cpu_access: _access, ...memoryManagement } = mm

const headers: Readonly<Record<SetName, readonly object[]>> = {
  hmm: [hmm],
  'notifier-core': [notifierCore],
  invlock: [invlock],
  driver: [
    ...[ats, dma, hfi1MmuRb, hfi1UserSdma, i915Userptr, ibUcontext, intervalMirror],
    ...[invlockGpu, kvm, nouveauDmem, nouveauSvm, nouveauFaultBuffer, odp, radeonCs, radeonMn],
  ],
  device: [atsDevice, translatingDevice],
  mm: [memoryManagement, memremap],
  debug: [lockdepChecks, { might_sleep, schedule_debug, non_block_start, non_block_end }],
}

/** The symbols of a set by name; callbacks belong to whoever fills a table of them in. */
export function symbolsOf(set: SetName): ReadonlyMap<string, AnySymbol> {
  const symbols = headers[set].flatMap((header) => Object.values(header)).filter(isSymbol)
  return new Map(
    symbols.map((symbol) => [symbol.slot.name, symbol] as const).filter(([name]) => !isOp(name)),
  )
}

/** What a list of sets, and of single symbols of theirs, stands for. */
export function symbolsNamed(
  names: readonly string[],
  sets: readonly SetName[] = setNames,
): AnySymbol[] {
  const chosen = new Set<AnySymbol>()
  for (const name of names)
    for (const symbol of sets.includes(name as SetName)
      ? symbolsOf(name as SetName).values()
      : [symbolNamed(name, sets)])
      chosen.add(symbol)
  return [...chosen]
}

function symbolNamed(name: string, sets: readonly SetName[]): AnySymbol {
  for (const set of sets) {
    const symbol = symbolsOf(set).get(name)
    if (symbol) return symbol
  }
  const isKnown = setNames.some((set) => set === name || symbolsOf(set).has(name))
  throw new UsageError(
    isKnown
      ? `"${name}" can be implemented in process alone; a program implements ${sets.join(', ')}, or symbols of theirs`
      : `"${name}" can not be implemented: it is none of the sets ${sets.join(', ')}, and no symbol of theirs`,
  )
}

/** Sets of which an implementation replaces something. */
export function setsOf(symbols: readonly AnySymbol[]): SetName[] {
  const names = symbols.map(({ slot }) => slot.name)
  return setNames.filter((set) => names.some((name) => symbolsOf(set).has(name)))
}

/** A callback: `struct.member`. */
export const isOp = (name: string): boolean => name.includes('.')

function isSymbol(value: unknown): value is AnySymbol {
  return typeof value === 'function' && 'slot' in value
}

/** What a notifier core calls that serves interval notifiers: kernels until 5.4 have none. */
const intervalServices: readonly string[] = [
  'mn_itree_invalidate',
  'mn_itree_inv_end',
  'mn_itree_release',
]

/** Whether interval notifiers are told of passes, as far as is known. */
export const servesIntervals = (hides: readonly string[]): boolean =>
  !intervalServices.some((name) => hides.includes(name))

/** What the reference of a set calls on its own account, and an implementation may do without or keep to itself. */
const primitives: Readonly<Record<SetName, readonly string[]>> = {
  hmm: [
    ...['spin_lock', 'spin_unlock', 'down_read', 'down_read_trylock', 'up_read', 'down_write'],
    ...['up_write', 'kref_get', 'kref_get_unless_zero', 'kref_put', 'list_add_tail', 'list_del'],
    ...['wait_event_timeout', 'wake_up_all', 'kmalloc', 'kfree', '__warn', 'conflicting_access'],
  ],
  'notifier-core': [
    ...['spin_lock', 'spin_unlock', 'srcu_read_lock', 'srcu_read_unlock', 'synchronize_srcu'],
    ...['call_srcu', 'non_block_start', 'non_block_end', 'lock_map_acquire', 'lock_map_release'],
    ...['down_write_nest_lock', 'kmalloc', 'kfree', 'printk', '__warn', 'conflicting_access'],
    ...intervalServices,
  ],
  invlock: ['down_read', 'up_read', 'down_write', 'up_write', 'wait_event_timeout', 'wake_up_all'],
  driver: [
    ...['mutex_lock', 'mutex_trylock', 'mutex_unlock', 'spin_lock', 'spin_unlock', 'down_read'],
    ...['up_read', 'down_write', 'up_write', 'device_pte_set', 'device_pte_clear', 'dma_access'],
    ...['dma_read', 'dma_begin', 'dma_map', 'dma_submit', 'dma_done', 'dma_unmap'],
    ...['gpu_submit', 'gpu_done'],
    ...['driver_interest', 'kmalloc', 'kfree', '__warn', 'conflicting_access'],
  ],
  device: [],
  mm: [
    ...['spin_lock', 'spin_unlock', 'down_read', 'down_read_trylock', 'up_read', 'down_write'],
    ...['up_write', 'lock_page', 'trylock_page', 'unlock_page', 'conflicting_access'],
  ],
  debug: ['debug_report', '__warn'],
}

/** Symbols whose calls are not seen: of the sets that are replaced, what is not shown. `*` shows all. */
export function hiddenBy(sets: readonly SetName[], shows: readonly string[]): string[] {
  if (shows.includes('*')) return []
  const all = new Set(sets.flatMap((set) => primitives[set]))
  const unknown = shows.find((name) => !all.has(name))
  if (unknown !== undefined)
    throw new UsageError(
      `"${unknown}" need not be shown: of ${sets.join(' and ')} these are ${[...all].join(', ')}, or "*" for all`,
    )
  return [...all].filter((name) => !shows.includes(name))
}
