/**
 * A GPU with a page table of its own that cannot fault: it works off its ring job by job, and stops touching a page only
 * behind the job, where it raises its interrupt (002:2612-2615, 002:3855-3860).
 *
 * What it cannot translate is lost, and an error. The model's own.
 */
import { reads, writes } from '../../engine/footprint'
import { spawn } from '../../engine/run'
import { until, type AtomicTask, type Task } from '../../engine/task'
import { gpu_unhandled_fault } from '../../spec/headers/jobs'
import type { mm_struct } from '../../spec/headers/types'
import { request_irq } from '../kernel/irq'
import { device_use, translatingDevice, type TranslatingDevice } from './translating-device'

export interface GpuJob {
  /** What it writes to, page by page. */
  readonly pages: readonly number[]
  /** Whether what it has to wait for has happened: somebody else's fence. */
  readonly mayBegin: () => boolean
  /** Runs in its interrupt. */
  readonly finished: () => AtomicTask<void>
}

export interface FencedGpu {
  readonly device: TranslatingDevice
  readonly ring: GpuJob[]
  /** Jobs whose interrupt was raised and not served. */
  readonly raised: GpuJob[]
  /** Whether it has begun to work. */
  served: boolean
}

/** A GPU at rest, whose translations are of `mm`. The model's own. */
export function fencedGpu(name: string, mm: mm_struct): FencedGpu {
  return { device: translatingDevice(name, mm), ring: [], raised: [], served: false }
}

/** Its ring and its interrupt line, in footprints. */
const ringOf = ({ device }: FencedGpu): string => `${device.name} ring`

/** Puts a job behind the others. Never waits. The model's own. */
export function gpu_ring_write(gpu: FencedGpu, job: GpuJob): void {
  writes(ringOf(gpu))
  gpu.ring.push(job)
  if (gpu.served) return
  gpu.served = true
  spawn(`hw/${ringOf(gpu)}`, () => engine(gpu), { daemon: true })
  request_irq(
    gpu.device.name,
    () => {
      reads(ringOf(gpu))
      return gpu.raised.length > 0
    },
    function* () {
      writes(ringOf(gpu))
      yield* gpu.raised.shift()!.finished()
    },
  )
}

function* engine(gpu: FencedGpu): Task<void> {
  const { device, ring, raised } = gpu
  const hasWork = () => {
    reads(ringOf(gpu))
    return ring.length > 0 && ring[0]!.mayBegin()
  }
  for (;;) {
    yield* until('job in', { name: ringOf(gpu) }, hasWork)
    writes(ringOf(gpu))
    const job = ring.shift()!
    for (const page of job.pages)
      if (!(yield* device_use(device, page, true))) gpu_unhandled_fault(device, page)
    writes(ringOf(gpu))
    raised.push(job)
  }
}
