/** Physical memory: page frames, each with what is stored in it. */
import { writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { ZERO_PFN, type page } from '../../spec/headers/types'

const firstPfn = 100
const framesMax = 64

/** All page frames that can be given out. */
export const frames = perRun(() => Array.from({ length: framesMax }, (_, n) => frame(firstPfn + n)))
const zeroFrame = perRun(() => ({ ...frame(ZERO_PFN), _refcount: 1 }))

function frame(pfn: number): page {
  return {
    pfn,
    _refcount: 0,
    value: 0,
    mapping: null,
    index: 0,
    anon_exclusive: false,
    private: null,
    locked: null,
    pgmap: null,
  }
}

/** Behind every page of an address space. */
export const everyPage = Number.MAX_SAFE_INTEGER

/** The state of all frames, in footprints. */
export const frameState = 'page frames'

/** The frame behind a pfn. Linux's own (include/asm-generic/memory_model.h). */
export function pfn_to_page(pfn: number): page {
  return pfn === ZERO_PFN ? zeroFrame() : frames()[pfn - firstPfn]!
}

/** Numbers of stores. Every store has one of its own, so that a value says which one it came from. */
const stores = perRun(() => ({ last: 0 }))

/** Somebody stores into a page, whoever it belongs to by now (001:375-376). */
export function store(page: page): void {
  writes(frameState)
  page.value = ++stores().last
}
