/** Worlds: one process, its memory and the drivers that share its address space. As data, and built. */
import { findKey, range, sumBy, times, without } from 'lodash'
import { UsageError } from '../engine/errors'
import { setUp } from '../engine/run'
import { type Task } from '../engine/task'
import {
  HPAGE_PMD_NR,
  alloc_huge_page,
  alloc_page,
  dup_mm,
  kmalloc,
  mmgrab,
  mmput,
  pmd_start,
  set_pmd_at,
  set_pte_at,
  unlock_page,
} from '../spec/headers/mm'
import type { address_space, mm_struct, page, vm_area_struct } from '../spec/headers/types'
import { pace } from '../reference/hardware/commands'
import { GFP_KERNEL } from '../reference/kernel/slab'
import { dax_iomap_fault, vma_is_dax } from '../reference/mm/dax'
import { find_lock_page } from '../reference/mm/filemap'
import { adopt } from '../reference/mm/rmap'
import { vma_link } from '../reference/mm/mmap'
import {
  address_space_alloc,
  anon_vma_alloc,
  mm_struct_alloc,
  vm_area_alloc,
} from '../reference/mm/mm_types'
import { mmu_notifier_srcu } from '../reference/mm/mmu_notifier'
import { daxDevice, plugIn, type DaxDevice } from './dax'
import { deviceFile, openFile, type DeviceFile } from './device-file'
import { driverFiles, driverNames, type DriverFiles, type DriverName } from './drivers'
import { selftestLocks } from './selftests'

/** What is behind an area's pages, and the letter for it: nobody's page, the same in huge entries, the file, the memory of a device. */
const letters = { anonymous: '', huge: 'h', file: 'f', dax: 'd' } as const
export type Backing = keyof typeof letters
export const backings = Object.keys(letters) as readonly Backing[]

/** A part of the process's memory. */
export interface Area {
  readonly pages: number
  /** How many of its pages are present, from the first one on. */
  readonly mapped: number
  /** Present pages are shared, so that a write must copy first. */
  readonly shared: boolean
  readonly backing: Backing
}

/** The process's first area, from page 0 on, and what there is besides. */
export interface World extends Area {
  /** Further areas, each right behind the one before. */
  readonly more: readonly Area[]
  readonly drivers: readonly DriverName[]
  /** Hardware carries commands out when the schedule says so, not as soon as it is told. */
  readonly slow: boolean
}

export function areasOf(world: World): readonly Area[] {
  return [world, ...world.more]
}

export function pagesIn(world: World): number {
  return sumBy(areasOf(world), 'pages')
}

/** A world that was built, for operations to work on. */
export interface Machine {
  readonly mm: mm_struct
  /** The file that some areas map. */
  readonly file: address_space
  /** The device whose memory some areas map. */
  readonly dax: DaxDevice
  /** The process's child, while it has one. */
  readonly child: DeviceFile<mm_struct>
  readonly drivers: DriverFiles
  /** The process has dropped its use of its own address space. */
  exited: boolean
}

/** Builds a world. Each of `tasks` tasks holds a reference to the mm's struct. */
export function buildWorld(world: World, tasks: number): Machine {
  pace().slow = world.slow
  mmu_notifier_srcu()
  selftestLocks()
  const mm = mm_struct_alloc()
  const machine: Machine = {
    mm,
    file: address_space_alloc(),
    dax: daxDevice(),
    child: deviceFile('child', mm, dup_mm, mmput),
    drivers: driverFiles(mm),
    exited: false,
  }
  setUp(function* () {
    yield* kmalloc(mm, GFP_KERNEL)
    yield* mapMemory(machine, world)
    for (const name of world.drivers) yield* openFile<unknown>(machine.drivers[name])
    for (let i = 0; i < tasks; i++) yield* mmgrab(mm)
  })
  return machine
}

function* mapMemory({ mm, file, dax }: Machine, world: World): Task<void> {
  yield* plugIn(dax, devicePages(world))
  let vm_start = 0
  for (const area of areasOf(world)) {
    const vm_end = vm_start + area.pages
    const mapped = area.backing === 'dax' ? dax.mapping : area.backing === 'file' ? file : null
    const backing = mapped ? { vm_file: mapped } : { anon_vma: anon_vma_alloc() }
    const vma = vm_area_alloc({ vm_mm: mm, vm_start, vm_end, vm_pgoff: vm_start, ...backing })
    yield* kmalloc(vma, GFP_KERNEL)
    yield* vma_link(vma)
    yield* mapPages(vma, area)
    vm_start = vm_end
  }
}

function* mapPages(vma: vm_area_struct, { mapped, shared, backing }: Area): Task<void> {
  const end = vma.vm_start + mapped
  for (let addr = vma.vm_start; addr < end;) {
    const huge = backing === 'huge' && addr === pmd_start(addr) && addr + HPAGE_PMD_NR <= end
    if (huge) yield* mapHugePage(vma, addr, !shared)
    else yield* mapPage(vma, addr, !shared)
    addr += huge ? HPAGE_PMD_NR : 1
  }
}

function* mapHugePage(vma: vm_area_struct, addr: number, write: boolean): Task<void> {
  const pages = alloc_huge_page()!
  pages.forEach((page, n) => place(page, vma, addr + n, write))
  yield* set_pmd_at(vma.vm_mm, addr, pages[0]!.pfn, write)
}

/** What may not be written somebody has besides, who is not in this world. */
function place(page: page, vma: vm_area_struct, addr: number, write: boolean): void {
  adopt(page, vma, addr)
  page.anon_exclusive = write
}

/** The pages of areas that map the memory of a device. */
function devicePages(world: World): number[] {
  const isDevices = areasOf(world).flatMap(({ pages, backing }) =>
    times(pages, () => backing === 'dax'),
  )
  return range(isDevices.length).filter((page) => isDevices[page])
}

function* mapPage(vma: vm_area_struct, addr: number, write: boolean): Task<void> {
  if (!vma.vm_file) {
    const page = alloc_page()!
    place(page, vma, addr, write)
    return yield* set_pte_at(vma.vm_mm, addr, page.pfn, write)
  }
  if (vma_is_dax(vma)) return void (yield* dax_iomap_fault(vma, addr, write))
  const page = (yield* find_lock_page(vma.vm_file, addr))!
  yield* set_pte_at(vma.vm_mm, addr, page.pfn, write)
  unlock_page(page)
}

// ---- text, for tokens and fixtures ---------------------------------------------------------------------

const slowWord = 'slow'

/**
 * `4.2s+2.2f.gpu.kvm.slow`: for each area pages, present pages, `s` if shared, `f` of the file `d` of a device's memory, `h` if
 * huge; drivers; whether hardware is slow.
 */
export function worldText(world: World): string {
  const words = world.slow ? [...world.drivers, slowWord] : world.drivers
  return [areasOf(world).map(areaText).join('+'), ...words].join('.')
}

function areaText({ pages, mapped, shared, backing }: Area): string {
  return `${pages}.${mapped}${shared ? 's' : ''}${letters[backing]}`
}

export function parseWorld(text: string): World {
  const match = /^(\d+\.\d+s?[fdh]?(?:\+\d+\.\d+s?[fdh]?)*)((?:\.[a-z0-9]+)*)$/.exec(text)
  if (!match)
    throw new UsageError(`"${text}" is no world; one reads like 4.2s.gpu.kvm or 2.2+1.1f.gpu`)
  const words = match[2]!.split('.').filter((name) => name !== '')
  const drivers = without(words, slowWord)
  for (const name of drivers)
    if (!(driverNames as readonly string[]).includes(name))
      throw new UsageError(`there is no driver "${name}"; there are ${driverNames.join(', ')}`)
  const [first, ...more] = match[1]!.split('+').map(parseArea)
  const world: World = {
    ...first!,
    more,
    drivers: drivers as DriverName[],
    slow: words.includes(slowWord),
  }
  if (
    pagesIn(world) > 16 ||
    areasOf(world).some(({ pages, mapped }) => pages < 1 || mapped > pages)
  )
    throw new UsageError(
      `the world "${text}" must have 1 to 16 pages, and no more present than there are`,
    )
  return world
}

function parseArea(text: string): Area {
  const [, pages, mapped, shared, letter] = /^(\d+)\.(\d+)(s?)([fdh]?)$/.exec(text)!
  return {
    pages: Number(pages),
    mapped: Number(mapped),
    shared: shared === 's',
    backing: findKey(letters, (one) => one === letter) as Backing,
  }
}
