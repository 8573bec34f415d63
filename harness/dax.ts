/** A device whose memory the process maps: it is there before the process, and can be taken away once. */
import { writes } from '../engine/footprint'
import { acquire, release } from '../engine/happens-before'
import { type Task } from '../engine/task'
import { devm_memremap_pages, devm_munmap_pages, type dev_pagemap } from '../spec/headers/memremap'
import { alloc_page, kfree } from '../spec/headers/mm'
import type { address_space } from '../spec/headers/types'
import { dev_pagemap_struct } from '../reference/mm/memremap'
import { address_space_alloc } from '../reference/mm/mm_types'

export interface DaxDevice {
  readonly mapping: address_space
  /** Null before its memory is there, and once somebody takes it away. */
  pgmap: dev_pagemap | null
}

export const daxDevice = (): DaxDevice => ({
  mapping: address_space_alloc({ name: 'dax file', dax: true }),
  pgmap: null,
})

/** Gives the device memory for these pages of its file: frames that nobody else gets as long as it is there. */
export function* plugIn(device: DaxDevice, indices: readonly number[]): Task<void> {
  if (indices.length === 0) return
  const { mapping } = device
  for (const index of indices) mapping.i_pages.set(index, alloc_page()!)
  device.pgmap = dev_pagemap_struct({ mapping, pages: [...mapping.i_pages.values()] })
  yield* devm_memremap_pages(device.pgmap)
  release(device)
}

/** Takes the memory away, whoever uses it; who comes second finds nothing to do. */
export function* unplug(device: DaxDevice): Task<void> {
  writes('dax device')
  const { pgmap } = device
  if (!pgmap) return
  acquire(device)
  device.pgmap = null
  yield* devm_munmap_pages(pgmap)
  yield* kfree(pgmap)
}
