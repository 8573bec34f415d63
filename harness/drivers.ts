/** The devices that a process may have open, by name, in the order in which they are opened. */
import { mapValues } from 'lodash'
import type { mm_struct } from '../spec/headers/types'
import { ats_bind, ats_unbind } from '../reference/drivers/ats'
import { hfi1_mmu_rb_register, hfi1_mmu_rb_unregister } from '../reference/drivers/hfi1_mmu_rb'
import { ib_ucontext_close, ib_ucontext_open } from '../reference/drivers/ib_ucontext'
import { interval_gpu_close, interval_gpu_open } from '../reference/drivers/interval_gpu'
import { invlock_gpu_close, invlock_gpu_open } from '../reference/drivers/invlock_gpu'
import { kvm_create_vm, kvm_destroy_vm } from '../reference/drivers/kvm'
import { nouveau_dmem_fini, nouveau_dmem_init } from '../reference/drivers/nouveau_dmem'
import { nouveau_svmm_fini, nouveau_svmm_init } from '../reference/drivers/nouveau_svm'
import { odp_init, odp_release_umem } from '../reference/drivers/odp'
import { radeon_mn_register, radeon_mn_unregister } from '../reference/drivers/radeon_mn'
import { deviceFile, type DeviceFile } from './device-file'

const drivers = {
  gpu: { open: nouveau_svmm_init, release: nouveau_svmm_fini },
  gpu1: { open: nouveau_svmm_init, release: nouveau_svmm_fini },
  kvm: { open: kvm_create_vm, release: kvm_destroy_vm },
  odp: { open: odp_init, release: odp_release_umem },
  ats: { open: ats_bind, release: ats_unbind },
  invlock: { open: invlock_gpu_open, release: invlock_gpu_close },
  interval: { open: interval_gpu_open, release: interval_gpu_close },
  hfi1: { open: hfi1_mmu_rb_register, release: hfi1_mmu_rb_unregister },
  radeon: { open: radeon_mn_register, release: radeon_mn_unregister },
  dmem: { open: nouveau_dmem_init, release: nouveau_dmem_fini },
  uverbs: { open: ib_ucontext_open, release: ib_ucontext_close },
} as const

export type DriverName = keyof typeof drivers
export const driverNames = Object.keys(drivers) as readonly DriverName[]

type Handle<N extends DriverName> = Parameters<(typeof drivers)[N]['release']>[0]
export type DriverFiles = { readonly [N in DriverName]: DeviceFile<Handle<N>> }

/** One of each, not open yet. */
export function driverFiles(mm: mm_struct): DriverFiles {
  const files = mapValues(drivers, ({ open, release }, name) =>
    deviceFile<never>(name, mm, open as DeviceFile<never>['open'], release),
  )
  return files as unknown as DriverFiles
}
