/** Worlds: one process, its memory and the drivers that share its address space. As data, and built. */
import { UsageError } from '../engine/errors'
import { setUp } from '../engine/run'
import { type AtomicTask } from '../engine/task'
import { kmalloc, mmgrab, set_pte_at } from '../spec/headers/mm'
import type { anon_vma, mm_struct } from '../spec/headers/types'
import { alloc_page } from '../spec/headers/mm'
import { kvm_create_vm, kvm_destroy_vm, type kvm } from '../reference/drivers/kvm'
import {
  nouveau_svmm_fini,
  nouveau_svmm_init,
  type nouveau_svmm,
} from '../reference/drivers/nouveau_svm'
import { odp_init, odp_release_umem, type odp } from '../reference/drivers/odp'
import { GFP_KERNEL } from '../reference/kernel/slab'
import { adopt } from '../reference/mm/memory'
import { anon_vma_alloc, mm_struct_alloc, vm_area_alloc } from '../reference/mm/mm_types'
import { mmu_notifier_srcu } from '../reference/mm/mmu_notifier'
import { deviceFile, openFile, type DeviceFile } from './device-file'
import { selftestLocks } from './selftests'

/** The devices a process may have open, in the order in which they are opened. */
export const driverNames = ['gpu', 'gpu1', 'kvm', 'odp'] as const
export type DriverName = (typeof driverNames)[number]

export interface World {
  /** The process has one area, of this many pages. */
  readonly pages: number
  /** How many of them are present, from page 0 on. */
  readonly mapped: number
  /** Present pages are shared, so that a write must copy first. */
  readonly shared: boolean
  readonly drivers: readonly DriverName[]
}

/** A world that was built, for operations to work on. */
export interface Machine {
  readonly mm: mm_struct
  readonly anon_vma: anon_vma
  readonly gpus: readonly DeviceFile<nouveau_svmm>[]
  readonly kvm: DeviceFile<kvm>
  readonly odp: DeviceFile<odp>
  /** The process has dropped its use of its own address space. */
  exited: boolean
}

/** Builds a world. Each of `tasks` tasks holds a reference to the mm's struct. */
export function buildWorld(world: World, tasks: number): Machine {
  mmu_notifier_srcu()
  selftestLocks()
  const mm = mm_struct_alloc()
  const anon_vma = anon_vma_alloc()
  const machine: Machine = {
    mm,
    anon_vma,
    gpus: [
      deviceFile('gpu', mm, nouveau_svmm_init, nouveau_svmm_fini),
      deviceFile('gpu1', mm, nouveau_svmm_init, nouveau_svmm_fini),
    ],
    kvm: deviceFile('kvm', mm, kvm_create_vm, kvm_destroy_vm),
    odp: deviceFile('odp', mm, odp_init, odp_release_umem),
    exited: false,
  }
  setUp(function* () {
    yield* kmalloc(mm, GFP_KERNEL)
    yield* mapMemory(machine, world)
    for (const name of world.drivers) yield* openFile(fileNamed(machine, name))
    for (let i = 0; i < tasks; i++) yield* mmgrab(mm)
  })
  return machine
}

function* mapMemory({ mm, anon_vma }: Machine, world: World): AtomicTask<void> {
  const vma = vm_area_alloc({ vm_mm: mm, vm_start: 0, vm_end: world.pages, anon_vma })
  yield* kmalloc(vma, GFP_KERNEL)
  mm.mmap.push(vma)
  anon_vma.vmas.push(vma)
  for (let addr = 0; addr < world.mapped; addr++) {
    const page = alloc_page()!
    adopt(page, vma, addr)
    yield* set_pte_at(mm, addr, page.pfn, !world.shared)
  }
}

export function fileNamed(machine: Machine, name: DriverName): DeviceFile<unknown> {
  switch (name) {
    case 'gpu':
      return machine.gpus[0]! as DeviceFile<unknown>
    case 'gpu1':
      return machine.gpus[1]! as DeviceFile<unknown>
    case 'kvm':
      return machine.kvm as DeviceFile<unknown>
    case 'odp':
      return machine.odp as DeviceFile<unknown>
  }
}

// ---- text, for tokens and fixtures ---------------------------------------------------------------------

/** `4.2s.gpu.kvm`: pages, present pages, `s` if shared, drivers. */
export function worldText(world: World): string {
  return [world.pages, `${world.mapped}${world.shared ? 's' : ''}`, ...world.drivers].join('.')
}

export function parseWorld(text: string): World {
  const match = /^(\d+)\.(\d+)(s?)((?:\.[a-z0-9]+)*)$/.exec(text)
  if (!match) throw new UsageError(`"${text}" is no world; one reads like 4.2s.gpu.kvm`)
  const drivers = match[4]!.split('.').filter((name) => name !== '')
  for (const name of drivers)
    if (!(driverNames as readonly string[]).includes(name))
      throw new UsageError(`there is no driver "${name}"; there are ${driverNames.join(', ')}`)
  const world = {
    pages: Number(match[1]),
    mapped: Number(match[2]),
    shared: match[3] === 's',
    drivers: drivers as DriverName[],
  }
  if (world.pages < 1 || world.pages > 16 || world.mapped > world.pages)
    throw new UsageError(
      `the world "${text}" must have 1 to 16 pages, and no more present than there are`,
    )
  return world
}
