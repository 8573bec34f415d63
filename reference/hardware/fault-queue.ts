/** What a device could not translate, in the order of its accesses, until its driver takes it (000:4950-4953). */
import { reads, writes } from '../../engine/footprint'

export interface DeviceFault {
  readonly page: number
  readonly write: boolean
}

export interface FaultQueue {
  readonly name: string
  pending: DeviceFault[]
}

/** A queue of a device that has not faulted yet. The model's own. */
export function faultQueue(device: string): FaultQueue {
  return { name: `faults of ${device}`, pending: [] }
}

/** The device notes a fault, and goes on with what else it has to do (000:4950-4953). */
export function noteFault(queue: FaultQueue, fault: DeviceFault): void {
  writes(queue.name)
  queue.pending.push(fault)
}

/** All that wait: from here on they are the driver's. The model's own. */
export function takeFaults(queue: FaultQueue): readonly DeviceFault[] {
  reads(queue.name)
  writes(queue.name)
  const taken = queue.pending
  queue.pending = []
  return taken
}
