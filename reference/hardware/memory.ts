/** Physical memory: page frames, each with what is stored in it. */
import { perRun } from '../../engine/ids'
import type { page } from '../../spec/headers/types'

const firstPfn = 100
const framesMax = 64

/** All page frames of the machine. */
export const frames = perRun(() =>
  Array.from({ length: framesMax }, (_, n): page => ({
    pfn: firstPfn + n,
    _refcount: 0,
    value: 0,
    mapping: null,
    index: 0,
  })),
)

/** The state of all frames, in footprints. */
export const frameState = 'page frames'

/** The frame behind a pfn. */
export function pfn_to_page(pfn: number): page {
  return frames()[pfn - firstPfn]!
}
