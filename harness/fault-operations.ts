/** What devices whose accesses may fault do, by name: a guest, a NIC, a GPU. */
import { type Task } from '../engine/task'
import type { mm_struct } from '../spec/headers/types'
import { device_scan, device_use } from '../reference/devices/translating-device'
import { get_per_mm, type ib_ucontext } from '../reference/drivers/ib_ucontext'
import { kvm_fault, type kvm } from '../reference/drivers/kvm'
import { nouveau_dmem_fault } from '../reference/drivers/nouveau_dmem'
import type { nouveau_svmm } from '../reference/drivers/nouveau_svm'
import { nouveau_svm_fault_buffer } from '../reference/drivers/nouveau_svm_fault_buffer'
import { odp_fault, type odp } from '../reference/drivers/odp'
import { withFile } from './device-file'
import { asChild, asProcess, faultingAccess, type Operation } from './operation'
import type { Machine } from './world'

export const faultOperations: Readonly<Record<string, Operation>> = {
  guest_read: {
    takes: ['page'],
    on: 'kvm',
    run: (m, page) => withFile(m.drivers.kvm, (kvm) => guestAccess(kvm, page!, false)),
  },
  guest_write: {
    takes: ['page'],
    on: 'kvm',
    run: (m, page) => withFile(m.drivers.kvm, (kvm) => guestAccess(kvm, page!, true)),
  },
  nic_read: {
    takes: ['page'],
    on: 'odp',
    run: (m, page) => withFile(m.drivers.odp, (odp) => nicAccess(odp, page!, false)),
  },
  nic_write: {
    takes: ['page'],
    on: 'odp',
    run: (m, page) => withFile(m.drivers.odp, (odp) => nicAccess(odp, page!, true)),
  },
  gpu_scan: {
    takes: ['page', 'end'],
    on: 'gpu',
    run: (m, start, end) => withFile(m.drivers.gpu, (svmm) => gpuScan(svmm, start!, end!, false)),
  },
  gpu_fill: {
    takes: ['page', 'end'],
    on: 'gpu',
    run: (m, start, end) => withFile(m.drivers.gpu, (svmm) => gpuScan(svmm, start!, end!, true)),
  },
  vram_read: {
    takes: ['page'],
    on: 'dmem',
    run: (m, page) => vramAccess(m, page!, false),
  },
  vram_write: {
    takes: ['page'],
    on: 'dmem',
    run: (m, page) => vramAccess(m, page!, true),
  },
  uverbs_write: {
    takes: ['page'],
    on: 'uverbs',
    run: (m, page) =>
      withFile(m.drivers.uverbs, (file) => asProcess(m, (mm) => uverbsWrite(file, mm, page!))),
  },
  child_uverbs_write: {
    takes: ['page'],
    on: 'uverbs',
    run: (m, page) =>
      withFile(m.drivers.uverbs, (file) => asChild(m, (mm) => uverbsWrite(file, mm, page!))),
  },
}

/** A process writes through a file that others have open too: to its own memory. */
function* uverbsWrite(file: ib_ucontext, mm: mm_struct, page: number): Task<void> {
  const per_mm = yield* get_per_mm(file, mm)
  if (per_mm) yield* nicAccess(per_mm, page, true)
}

/** The GPU uses pages one after the other; its faults are mended together, and then it tries again. */
function* gpuScan(svmm: nouveau_svmm, start: number, end: number, write: boolean): Task<void> {
  yield* device_scan(svmm.gpu, start, end, write)
  yield* nouveau_svm_fault_buffer(svmm)
  yield* device_scan(svmm.gpu, start, end, write)
}

/** The GPU uses a page, and gets it into its own memory if it cannot. */
function vramAccess(m: Machine, page: number, write: boolean): Task<void> {
  const { dmem, gpu } = m.drivers
  return withFile(dmem, (pgmap) =>
    withFile(gpu, (svmm) =>
      asProcess(m, () =>
        faultingAccess(
          svmm.gpu,
          page,
          write,
          () => device_use(svmm.gpu, page, write),
          () => nouveau_dmem_fault(pgmap, svmm, page, write),
        ),
      ),
    ),
  )
}

/** The guest uses a page; what it has no shadow entry for is a fault. */
function* guestAccess(kvm: kvm, page: number, write: boolean): Task<void> {
  yield* faultingAccess(
    kvm.vcpu,
    page,
    write,
    () => device_use(kvm.vcpu, page, write),
    () => kvm_fault(kvm, page, write),
  )
}

/** The NIC uses a page of memory that was registered on demand. */
function* nicAccess(odp: odp, page: number, write: boolean): Task<void> {
  yield* faultingAccess(
    odp.nic,
    page,
    write,
    () => device_use(odp.nic, page, write),
    () => odp_fault(odp, page, write),
  )
}
