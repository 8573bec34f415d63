/** Workers: threads that run tasks. One worker is this thread itself. */
import { join } from 'node:path'
import { pool, TerminateError } from 'workerpool'
import { UsageError } from '../engine/errors'
import { tasks, type Tasks } from './tasks'

const program = join(__dirname, '..', 'bin', 'worker.js')
/** Of a worker's own heap; what a shard needs is far less. */
const heapMaxMb = 192

/** A worker's thread is gone, and with it what it was doing. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost'
}

/** Has a worker do one thing. */
export type Ask = <Name extends keyof Tasks>(
  name: Name,
  task: Parameters<Tasks[Name]>[0],
) => Promise<Awaited<ReturnType<Tasks[Name]>>>

const askThisThread: Ask = async (name, task) => (await tasks[name](task as never)) as never

/** How many tasks to have under way, so that no worker waits for a slow one. */
export const tasksAtOnce = (workers: number): number => (workers <= 1 ? 1 : 4 * workers)

/** Starts up to `count` workers for as long as `use` takes. */
export async function withWorkers<T>(count: number, use: (ask: Ask) => Promise<T>): Promise<T> {
  if (count <= 1) return use(askThisThread)
  const threads = pool(program, {
    workerType: 'thread',
    maxWorkers: count,
    workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: heapMaxMb } },
  })
  try {
    return await use(async (name, task) => {
      try {
        return (await threads.exec(name, [task])) as never
      } catch (error) {
        throw asThrown(error as Error)
      }
    })
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
  return new WorkerLost(
    `a worker ended ${reason} before it was done; run it again with --workers 1 to see where`,
  )
}
