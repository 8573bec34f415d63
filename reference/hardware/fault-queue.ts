/** What a device could not translate, in the order of its accesses, until its driver takes it (000:4950-4953). */
import { reads, writes } from '../../engine/footprint'
import { device_error, type device } from '../../spec/headers/device'
import { EAGAIN, EBUSY } from '../../spec/headers/types'

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

/** Answers that only say that something was in the way: the device tries again, and meets what is still wrong. */
const passing: readonly number[] = [0, -EAGAIN, -EBUSY]

/** A driver's answer to a fault: what it could not mend is an error of the device (000:4496-4498). */
export function answerFault(device: device, { page, write }: DeviceFault, ret: number): void {
  if (!passing.includes(ret)) device_error(device, page, write, ret)
}
