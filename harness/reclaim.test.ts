/** Allocations that reclaim, in worlds whose memory runs low: what they may do, and who must not make them. */
import { keepRunning } from '../engine/choice'
import { enumerate } from '../engine/enumerate'
import type { Execution } from '../engine/run'
import { replace, type Patch } from '../engine/symbol'
import {
  GFP_ATOMIC,
  GFP_KERNEL,
  GFP_NOFS,
  GFP_NOIO,
  GFP_NOWAIT,
  memalloc_nofs_restore,
  memalloc_nofs_save,
} from '../spec/headers/gfp'
import { kfree, kmalloc, try_to_compact_pages, vm_munmap } from '../spec/headers/mm'
import { kernelObservingAll } from './campaign'
import { describeEnd } from './ends'
import { mutant } from './registry'
import { parseWorkload, runWorkload } from './workload'

const eventsOf = ({ events }: Execution, symbol: string, phase = 'call') =>
  events.filter((event) => event.symbol === symbol && event.phase === phase)

/** In place of unmapping, the process allocates. */
function allocating(gfp: number, nofs: boolean): Patch {
  return replace(vm_munmap, function* () {
    const memory = { bytes: 0 }
    const flags = nofs ? memalloc_nofs_save() : 0
    yield* kmalloc(memory, gfp)
    if (nofs) memalloc_nofs_restore(flags)
    yield* kfree(memory)
    return 0
  })
}

/** What an allocation does to the only page, once memory is low. */
function effectOf(gfp: number, nofs: boolean, world: string): string {
  const workload = parseWorkload(world, 'memory_low+munmap_0_1')
  const execution = runWorkload(kernelObservingAll([allocating(gfp, nofs)]), workload, keepRunning)
  expect(describeEnd(execution.end)).toBe('the run ended well')
  if (eventsOf(execution, '__free_page').length > 0) return 'freed'
  return eventsOf(execution, 'ptep_clear_flush').length > 0 ? 'unmapped' : 'left alone'
}

test.each([
  ['GFP_KERNEL', GFP_KERNEL, false, 'freed', 'freed'],
  ['GFP_NOFS', GFP_NOFS, false, 'freed', 'unmapped'],
  ['GFP_KERNEL in a scope without file systems', GFP_KERNEL, true, 'freed', 'unmapped'],
  ['GFP_NOIO', GFP_NOIO, false, 'left alone', 'unmapped'],
  ['GFP_NOWAIT', GFP_NOWAIT, false, 'left alone', 'left alone'],
  ['GFP_ATOMIC', GFP_ATOMIC, false, 'left alone', 'left alone'],
])('%s reclaims what it may', (_name, gfp, nofs, anonymous, ofFile) => {
  expect(effectOf(gfp, nofs, '1.1.kvm')).toBe(anonymous)
  expect(effectOf(gfp, nofs, '1.1f.kvm')).toBe(ofFile)
})

/** Whether compaction moves the only page for whoever asks with these flags. */
function compacts(gfp: number, world: string): boolean {
  const asking = replace(try_to_compact_pages, function* () {
    return yield* try_to_compact_pages.original(gfp)
  })
  const workload = parseWorkload(world, 'compact')
  const execution = runWorkload(kernelObservingAll([asking]), workload, keepRunning)
  expect(describeEnd(execution.end)).toBe('the run ended well')
  return eventsOf(execution, 'migrate_page', 'return').some(({ result }) => result === 0)
}

test.each([
  ['GFP_KERNEL', GFP_KERNEL, true, true],
  ['GFP_NOFS', GFP_NOFS, true, false],
  ['GFP_NOIO', GFP_NOIO, false, false],
  ['GFP_NOWAIT', GFP_NOWAIT, false, false],
])('%s compacts what it may', (_name, gfp, anonymous, ofFile) => {
  expect(compacts(gfp, '1.1.kvm')).toBe(anonymous)
  expect(compacts(gfp, '1.1f.kvm')).toBe(ofFile)
})

test('memory that is not low is not looked for', () => {
  const workload = parseWorkload('2.2.gpu', 'device_fault_0+device_fault_1')
  const execution = runWorkload(kernelObservingAll([]), workload, keepRunning)
  expect(eventsOf(execution, 'kmalloc').length).toBeGreaterThan(0)
  expect(eventsOf(execution, 'do_try_to_free_pages')).toEqual([])
})

test('the reference reclaims inside an allocation, passes and callbacks included, and goes on', () => {
  const workload = parseWorkload('2.2.gpu', 'device_fault_0+memory_low+device_fault_1')
  const execution = runWorkload(kernelObservingAll([]), workload, keepRunning)
  const sync = 'hmm_mirror_ops.sync_cpu_device_pagetables'
  const [reclaim] = eventsOf(execution, 'do_try_to_free_pages')
  const [told] = eventsOf(execution, sync)
  const done = eventsOf(execution, 'kmalloc', 'return').find(({ at }) => at > told!.at)
  expect(describeEnd(execution.end)).toBe('the run ended well')
  expect(told!.at).toBeGreaterThan(reclaim!.at)
  expect(told!.at).toBeLessThan(done!.at)
})

const preemptionsMax = 1
const schedulesMax = 3_000

/** The first schedule of a workload, fewest preemptions first, that deadlocks. */
function deadlockOf(name: string, world: string, tasks: string): Execution | undefined {
  const kernel = kernelObservingAll(mutant(name).patches)
  let stuck: Execution | undefined
  enumerate(
    (choice) => runWorkload(kernel, parseWorkload(world, tasks), choice),
    preemptionsMax,
    schedulesMax,
    (execution) => {
      if (execution.end.kind === 'deadlock') stuck = execution
      return stuck !== undefined
    },
  )
  return stuck
}

/** Cycles through reclaim that lockdep has reported. */
const cyclesOf = (execution: Execution): string[] =>
  eventsOf(execution, 'lockdep_report')
    .map(({ cycle }) => String(cycle))
    .filter((cycle) => cycle.includes('fs_reclaim'))

test.each([
  ['allocates-under-the-update-lock', '1.1.gpu', 'device_fault_0/memory_low', 'svmm.mutex'],
  ['allocates-under-all-locks', '1.1', 'open_kvm/memory_low', 'anon_vma'],
])('%s is reported, and stuck where memory runs low', (name, world, tasks, lock) => {
  const stuck = deadlockOf(name, world, tasks)
  expect(stuck && describeEnd(stuck.end)).toMatch(`deadlock: cpu0 at`)
  expect(cyclesOf(stuck!).some((cycle) => cycle.includes(lock))).toBe(true)
})

test('an interrupt that allocates, for which reclaim waits, is stuck and not reported', () => {
  const stuck = deadlockOf('completion-allocates', '1.1', 'userptr_0_1/memory_low')
  expect(stuck && describeEnd(stuck.end)).toMatch('sleep on fence')
  expect(cyclesOf(stuck!)).toEqual([])
})

test('the reference is not stuck in these worlds, whatever the order', () => {
  const kernel = kernelObservingAll([])
  for (const [world, tasks] of [
    ['1.1.gpu', 'device_fault_0/memory_low'],
    ['1.1', 'open_kvm/memory_low'],
    ['1.1', 'userptr_0_1/memory_low'],
  ] as const) {
    const workload = parseWorkload(world, tasks)
    const ends = new Set<string>()
    const { complete } = enumerate(
      (choice) => runWorkload(kernel, workload, choice),
      preemptionsMax,
      schedulesMax,
      ({ end }) => void ends.add(describeEnd(end)),
    )
    expect([complete, ...ends]).toEqual([true, 'the run ended well'])
  }
})
