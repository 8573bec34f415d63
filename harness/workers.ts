/** Workers: threads that run tasks. One worker is this thread itself, unless it has to be a thread. */
import { join } from 'node:path'
import { pool, TerminateError } from 'workerpool'
import { UsageError } from '../engine/errors'
import { newPulse, type Pulse } from './guard'
import { tasks, type Tasks } from './tasks'
import { watch } from './watch'

const program = join(__dirname, '..', 'bin', 'worker.js')
/** Of a worker's own heap; what a shard needs is far less. */
const heapMaxMb = 192
/** Of the process, with one worker; each has its heap, and what code and buffers take. */
const residentMaxMb = 768
const residentMbPerWorker = 256
/** A thread that is ended because it does not come back gets no time to tidy up. */
const msToTidyUp = 50

/** A worker's thread is gone, and with it what it was doing. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost'

  constructor(
    readonly kind: 'crash' | 'hang',
    readonly says: string,
    task = 'it',
  ) {
    super(`a worker ${says} before ${task} was done`)
  }

  /** What became of the run it was in. */
  get outcome(): string {
    return `${this.kind}: its worker ${this.says}`
  }
}

/** Has a worker do one thing. Its pulse shows how it goes on. */
export type Ask = <Name extends keyof Tasks>(
  name: Name,
  task: Parameters<Tasks[Name]>[0],
  pulse?: Pulse,
) => Promise<Awaited<ReturnType<Tasks[Name]>>>

const askThisThread: Ask = async (name, task, pulse = newPulse()) =>
  (await tasks[name](task as never, pulse)) as never

/** How many tasks to have under way, so that no worker waits for a slow one. */
export const tasksAtOnce = (workers: number): number => (workers <= 1 ? 1 : 4 * workers)

export interface WorkerOptions {
  /** At most so many. */
  readonly workers: number
  /** One worker is a thread as well: what it runs may not come back. */
  readonly apart?: boolean
  /** What a single run may take. */
  readonly runMsMax?: number | undefined
}

/** What a run takes is a small part of a second, also on a machine that is busy. */
export const runMsMaxDefault = 30_000

/** Starts workers for as long as `use` takes. */
export async function withWorkers<T>(
  { workers, apart = false, runMsMax = runMsMaxDefault }: WorkerOptions,
  use: (ask: Ask) => Promise<T>,
): Promise<T> {
  if (workers <= 1 && !apart) return use(askThisThread)
  const threads = pool(program, {
    workerType: 'thread',
    maxWorkers: workers,
    workerTerminateTimeout: msToTidyUp,
    workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: heapMaxMb } },
  })
  const residentMb = residentMaxMb + residentMbPerWorker * (workers - 1)
  const ask: Ask = async (name, task, pulse = newPulse()) => {
    const running = threads.exec(name, [task, pulse])
    let ended: WorkerLost | null = null
    const watched = watch(pulse, { runMsMax, residentMb }, (late) => {
      ended =
        late === 'time'
          ? new WorkerLost('hang', `did not come back within ${runMsMax / 1000} seconds`)
          : new WorkerLost('crash', `took more than ${residentMb} MB of memory`)
      running.cancel()
    })
    try {
      return (await running) as never
    } catch (error) {
      throw ended ?? asThrown(error as Error)
    } finally {
      watched.stop()
    }
  }
  try {
    return await use(ask)
  } finally {
    await threads.terminate(true)
  }
}

/** Errors cross threads as data: names remain, classes do not. */
function asThrown(error: Error): Error {
  if (error.name === 'UsageError') return new UsageError(error.message)
  if (!(error instanceof TerminateError)) return error
  const why = /exitCode: `(\d+)`/.exec(error.message)
  const reason = why ? `with exit code ${why[1]}` : `(${(error.cause as Error)?.message})`
  return new WorkerLost('crash', `ended ${reason}`)
}
