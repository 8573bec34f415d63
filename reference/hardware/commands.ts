/**
 * Commands to a device: issued by its driver, carried out by the device in its own time, and acknowledged
 * then (002:2893-2894, 002:2909-2910). Until it is acknowledged a command may have had no effect at all.
 *
 * Prompt hardware is done as soon as it is told; slow hardware when the schedule says so.
 */
import { reads, writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { spawn } from '../../engine/run'
import { spinUntil, until, type AtomicTask } from '../../engine/task'

export interface Command {
  readonly queue: CommandQueue
  readonly carryOut: () => void
  done: boolean
}

/** What a device was told and has not done yet, in order. */
export interface CommandQueue {
  readonly name: string
  readonly pending: Command[]
  /** Whether the device has begun to work on it. */
  served: boolean
}

/** How fast the hardware of this run is. */
export const pace = perRun(() => ({ slow: false }))

/** A queue of a device that has been told nothing yet. The model's own. */
export function commandQueue(name: string): CommandQueue {
  return { name, pending: [], served: false }
}

/** Tells the device to do something. Never waits (002:2893-2894). */
export function issue(queue: CommandQueue, carryOut: () => void): Command {
  const command = { queue, carryOut, done: false }
  writes(queue.name)
  if (pace().slow) {
    queue.pending.push(command)
    serve(queue)
  } else perform(command)
  return command
}

/** Waits, without sleeping, until the device has acknowledged a command (002:2909-2910). */
export function* acknowledged(command: Command): AtomicTask<void> {
  if (command.done) return
  const isDone = () => {
    reads(command.queue.name)
    return command.done
  }
  yield* spinUntil('acknowledged by', command.queue, isDone, () => [])
}

function perform(command: Command): void {
  command.carryOut()
  command.done = true
}

/** The device itself, from its first command on. */
function serve(queue: CommandQueue): void {
  if (queue.served) return
  queue.served = true
  const hasWork = () => {
    reads(queue.name)
    return queue.pending.length > 0
  }
  spawn(
    `hw/${queue.name}`,
    function* () {
      for (;;) {
        yield* until('command to', queue, hasWork)
        writes(queue.name)
        perform(queue.pending.shift()!)
      }
    },
    { daemon: true },
  )
}
