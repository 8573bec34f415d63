/** What a task of a workload can do, by name. Arguments are page numbers, resolved modulo the world's pages. */
import { mapValues, memoize } from 'lodash'
import { UsageError } from '../engine/errors'
import { writes } from '../engine/footprint'
import { define } from '../engine/symbol'
import { perRun } from '../engine/ids'
import { point, type Task } from '../engine/task'
import { operation } from '../spec/headers/device'
import {
  balance_pgdat,
  do_mprotect,
  get_user_pages_fast,
  madvise_dontneed,
  mmput,
  mremap_to,
  oom_reap_task,
  oom_reap_task_mm,
  put_user_page,
  truncate_pagecache_range,
  do_try_to_free_pages,
  vm_mmap_fixed,
  vm_munmap,
} from '../spec/headers/mm'
import { MMU_NOTIFIER_RANGE_TRIAL, VM_READ, VM_WRITE, type mm_struct } from '../spec/headers/types'
import { device_use } from '../reference/devices/translating-device'
import { i915_gem_userptr_job } from '../reference/drivers/i915_userptr'
import { kvm_fault } from '../reference/drivers/kvm'
import {
  nouveau_svm_fault,
  nouveau_svm_migrate,
  nouveau_svm_prefetch,
  nouveau_svm_readahead,
  type nouveau_svmm,
} from '../reference/drivers/nouveau_svm'
import { odp_fault } from '../reference/drivers/odp'
import { store } from '../reference/hardware/memory'
import { GFP_KERNEL, fail_next_allocation, should_failslab } from '../reference/kernel/slab'
import { memory_runs_low, shrink_index } from '../reference/mm/vmscan'
import { attach_state, detach_state } from './attached-state'
import { closeFile, openFile, withFile, type DeviceFile } from './device-file'
import { deviceOperations } from './device-operations'
import { faultOperations } from './fault-operations'
import { intervalOperations } from './interval-operations'
import { jobOperations } from './job-operations'
import {
  asChild,
  asProcess,
  cpuAccess,
  faultingAccess,
  type Argument,
  type Operation,
} from './operation'
import { pagemapOperations } from './pagemap-operations'
import { selftests } from './selftests'
import {
  age_page,
  empty_pass,
  hold_mmap_sem,
  listen_range,
  other_process,
  protect_page,
} from './notifier-probes'
import { bad_arguments, peek_range, probe_range, stale_range, watch_range } from './probes'
import { driverNames, type DriverName } from './drivers'
import type { Machine } from './world'

/** What kernels do in worlds that are about the kernel. */
export const kernelOperations: Readonly<Record<string, Operation>> = {
  // ---- the process ----
  cpu_read: {
    takes: ['page'],
    run: (m, page) => asProcess(m, (mm) => cpuAccess(mm, page!, false)),
  },
  cpu_write: {
    takes: ['page'],
    run: (m, page) => asProcess(m, (mm) => cpuAccess(mm, page!, true)),
  },
  munmap: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => vm_munmap(mm, start!, end!)),
  },
  mmap_fixed: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => vm_mmap_fixed(mm, start!, end!)),
  },
  mremap: {
    takes: ['page', 'end', 'page'],
    run: (m, start, end, to) => asProcess(m, (mm) => mremap_to(mm, start!, end!, to!)),
  },
  mprotect_read: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => do_mprotect(mm, start!, end!, VM_READ)),
  },
  mprotect_write: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => do_mprotect(mm, start!, end!, VM_READ | VM_WRITE)),
  },
  dontneed: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => madvise_dontneed(mm, start!, end!)),
  },
  gup: { takes: ['page'], run: (m, page) => asProcess(m, (mm) => dma(mm, page!)) },
  exit: { takes: [], run: exitProcess },
  // ---- its child, and the file they share ----
  fork: { takes: [], run: (m) => asProcess(m, () => openFile(m.child)) },
  child_read: {
    takes: ['page'],
    run: (m, page) => asChild(m, (mm) => cpuAccess(mm, page!, false)),
  },
  child_write: {
    takes: ['page'],
    run: (m, page) => asChild(m, (mm) => cpuAccess(mm, page!, true)),
  },
  child_exit: { takes: [], run: (m) => closeFile(m.child) },
  truncate: {
    takes: ['page', 'end'],
    run: (m, start, end) => truncate_pagecache_range(m.file, start!, end!),
  },
  // ---- memory pressure ----
  reclaim: { takes: ['page'], run: (_m, page) => shrink_index(page!) },
  direct_reclaim: { takes: [], run: () => do_try_to_free_pages(pagesPerReclaim, GFP_KERNEL) },
  memory_low: { takes: [], run: memoryLow },
  kswapd: { takes: [], run: () => balance_pgdat(Infinity) },
  oom_kill: { takes: [], run: (m) => oom_reap_task(m.mm) },
  oom_reap: { takes: [], run: (m) => oom_reap_task_mm(m.mm) },
  // ---- devices ----
  device_fault: {
    takes: ['page', 'gpu'],
    run: (m, page, gpu) =>
      withFile(gpuOf(m, gpu!), (svmm) => nouveau_svm_fault(svmm, page!, false)),
  },
  device_fault_write: {
    takes: ['page', 'gpu'],
    run: (m, page, gpu) => withFile(gpuOf(m, gpu!), (svmm) => nouveau_svm_fault(svmm, page!, true)),
  },
  device_read: {
    takes: ['page', 'gpu'],
    run: (m, page, gpu) => withFile(gpuOf(m, gpu!), (svmm) => gpuAccess(svmm, page!, false)),
  },
  device_write: {
    takes: ['page', 'gpu'],
    run: (m, page, gpu) => withFile(gpuOf(m, gpu!), (svmm) => gpuAccess(svmm, page!, true)),
  },
  migrate: {
    takes: ['page', 'end', 'gpu'],
    run: (m, start, end, gpu) =>
      asProcess(m, () =>
        withFile(gpuOf(m, gpu!), (svmm) => nouveau_svm_migrate(svmm, start!, end!)),
      ),
  },
  kvm_fault: {
    takes: ['page'],
    on: 'kvm',
    run: (m, page) => withFile(m.drivers.kvm, (kvm) => kvm_fault(kvm, page!, true)),
  },
  kvm_read: {
    takes: ['page'],
    on: 'kvm',
    run: (m, page) => withFile(m.drivers.kvm, (kvm) => device_use(kvm.vcpu, page!, false)),
  },
  odp_fault: {
    takes: ['page'],
    on: 'odp',
    run: (m, page) => withFile(m.drivers.odp, (odp) => odp_fault(odp, page!, true)),
  },
  odp_read: {
    takes: ['page'],
    on: 'odp',
    run: (m, page) => withFile(m.drivers.odp, (odp) => device_use(odp.nic, page!, false)),
  },
  userptr: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => i915_gem_userptr_job(mm, start!, end!)),
  },
  open: {
    takes: ['driver'],
    run: (m, driver) => asProcess(m, () => openFile(driverOf(m, driver!))),
  },
  open_no_memory: {
    takes: ['driver'],
    run: (m, driver) => asProcess(m, () => openWithoutMemory(driverOf(m, driver!))),
  },
  close: { takes: ['driver'], run: (m, driver) => closeFile(driverOf(m, driver!)) },
  reopen: {
    takes: ['driver'],
    run: (m, driver) => asProcess(m, () => reopenFile(driverOf(m, driver!))),
  },
  prefetch: {
    takes: ['page', 'end', 'gpu'],
    run: (m, start, end, gpu) =>
      withFile(gpuOf(m, gpu!), (svmm) => nouveau_svm_prefetch(svmm, start!, end!)),
  },
  readahead: {
    takes: ['page', 'end', 'gpu'],
    run: (m, start, end, gpu) =>
      withFile(gpuOf(m, gpu!), (svmm) => nouveau_svm_readahead(svmm, start!, end!)),
  },
  // ---- tests of the notifiers' own promises ----
  listen: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => listen_range(mm, start!, end!)),
  },
  attach: { takes: [], run: (m) => asProcess(m, attach_state) },
  detach: { takes: [], run: detach_state },
  age: { takes: ['page'], run: (m, page) => asProcess(m, (mm) => age_page(mm, page!)) },
  protect: { takes: ['page'], run: (m, page) => asProcess(m, (mm) => protect_page(mm, page!)) },
  hold_mmap_sem: { takes: [], run: (m) => hold_mmap_sem(m.mm) },
  other_process: { takes: [], run: other_process },
  // ---- tests of HMM's own promises ----
  bad_arguments: {
    takes: [],
    run: (m) => asProcess(m, (mm) => withFile(m.drivers.gpu, (svmm) => bad_arguments(svmm, mm))),
  },
  probe: {
    takes: ['page', 'end'],
    on: 'gpu',
    run: (m, start, end) => withFile(m.drivers.gpu, (svmm) => probe_range(svmm, start!, end!)),
  },
  peek: {
    takes: ['page', 'end'],
    on: 'gpu',
    run: (m, start, end) => withFile(m.drivers.gpu, (svmm) => peek_range(svmm, start!, end!)),
  },
  watch: {
    takes: ['page', 'end'],
    on: 'gpu',
    run: (m, start, end) => withFile(m.drivers.gpu, (svmm) => watch_range(svmm, start!, end!)),
  },
  stale_range: {
    takes: ['page', 'end'],
    on: 'gpu',
    run: (m, start, end) => withFile(m.drivers.gpu, (svmm) => stale_range(svmm, start!, end!)),
  },
  // ---- tests of the core's and the debugging checks' promises ----
  trial: {
    takes: ['page', 'end'],
    run: (m, start, end) =>
      asProcess(m, (mm) => empty_pass(mm, start!, end!, MMU_NOTIFIER_RANGE_TRIAL)),
  },
  ...mapValues(selftests, (run): Operation => ({ takes: [], run })),
}

/** Every operation, by name. */
export const operations: Readonly<Record<string, Operation>> = {
  ...kernelOperations,
  ...deviceOperations,
  ...intervalOperations,
  ...jobOperations,
  ...pagemapOperations,
  ...faultOperations,
}

/** The first GPU, or the second. */
function gpuOf({ drivers }: Machine, gpu: number): DeviceFile<nouveau_svmm> {
  return gpu === 0 ? drivers.gpu : drivers.gpu1
}

function driverOf({ drivers }: Machine, driver: number): DeviceFile<unknown> {
  return drivers[driverNames[driver]!]
}

/** How many pages somebody who is short of memory looks for. */
const pagesPerReclaim = 1

/** The machine that operations of this run work on. */
const machineOf = perRun((): { machine: Machine | null } => ({ machine: null }))

/** What operations of the latest run worked on. */
export function machineAtWork(): Machine {
  return machineOf().machine!
}

export function operateOn(machine: Machine): void {
  machineOf().machine = machine
}

define(operation, function* (text) {
  yield* point(text)
  const { run, args } = parsed(text)
  yield* run(machineOf().machine!, ...args)
})

/** Operations that were read once: there are few, and every run has some. */
const parsed = memoize(parseOperation)

/** Reads `device_fault 3 1`; a driver is written by its name. */
export function parseOperation(text: string): { run: Operation['run']; args: number[] } {
  const [name, ...words] = text.split(' ')
  const found = operations[name!]
  if (!found)
    throw new UsageError(
      `there is no operation "${name}"; there are ${Object.keys(operations).join(', ')}`,
    )
  const args = found.takes.map((kind, i) => parseArgument(kind, words[i], text))
  if (words.length > found.takes.length)
    throw new UsageError(
      `"${text}" has too many arguments: ${name} takes ${found.takes.join(', ') || 'none'}`,
    )
  return { run: found.run, args }
}

function parseArgument(kind: Argument, word: string | undefined, text: string): number {
  if (kind === 'driver') {
    const at = driverNames.indexOf(word as DriverName)
    if (at < 0)
      throw new UsageError(`"${text}" names no driver; there are ${driverNames.join(', ')}`)
    return at
  }
  if (kind === 'gpu' && word === undefined) return 0
  const value = Number(word)
  const most = kind === 'gpu' ? 1 : 16
  if (word === undefined || !/^\d+$/.test(word) || value > most)
    throw new UsageError(`"${text}" needs a ${kind} from 0 to ${most}`)
  return value
}

/** Somebody else uses memory up: whoever allocates next, and may, has to reclaim. */
function* memoryLow(): Task<void> {
  memory_runs_low(pagesPerReclaim)
}

/** Opens a device while the memory that its registration needs cannot be had. */
function* openWithoutMemory(file: DeviceFile<unknown>): Task<void> {
  fail_next_allocation()
  yield* openFile(file)
  should_failslab()
}

/** Closes a device and opens it again, or opens it where it was closed. */
function* reopenFile(file: DeviceFile<unknown>): Task<void> {
  yield* closeFile(file)
  yield* openFile(file)
}

// ---- the process's own operations --------------------------------------------------------------------

/** A device without page tables of its own writes to a page that the process lends it. */
function* dma(mm: mm_struct, addr: number): Task<void> {
  const page = yield* get_user_pages_fast(mm, addr, true)
  if (!page) return
  yield* point('dma writes', page.pfn)
  store(page)
  yield* put_user_page(page)
}

/** The GPU uses a page; an access that it cannot translate is a fault, and is tried again. */
function* gpuAccess(svmm: nouveau_svmm, page: number, write: boolean): Task<void> {
  yield* faultingAccess(
    svmm.gpu,
    page,
    write,
    () => device_use(svmm.gpu, page, write),
    () => nouveau_svm_fault(svmm, page, write),
  )
}

function* exitProcess(machine: Machine): Task<void> {
  writes('exited')
  if (machine.exited) return
  machine.exited = true
  yield* mmput(machine.mm)
}
