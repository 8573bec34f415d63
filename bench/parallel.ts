/** The same task for many arguments, on as many threads as are asked for. */
import { join } from 'node:path'
import { pool } from 'workerpool'
import type { ParallelTasks } from './parallel-tasks'

type Argument<Name extends keyof ParallelTasks> = Parameters<ParallelTasks[Name]>[0]
type Answer<Name extends keyof ParallelTasks> = ReturnType<ParallelTasks[Name]>

/** Answers in the order of the arguments; `done` hears of each as it comes. */
export async function inParallel<Name extends keyof ParallelTasks>(
  name: Name,
  all: readonly Argument<Name>[],
  workers: number,
  done: (argument: Argument<Name>, count: number) => void,
): Promise<Answer<Name>[]> {
  const threads = pool(join(__dirname, 'worker.js'), { workerType: 'thread', maxWorkers: workers })
  let count = 0
  try {
    return await Promise.all(
      all.map(async (argument) => {
        const answer = (await threads.exec(name, [argument])) as Answer<Name>
        done(argument, ++count)
        return answer
      }),
    )
  } finally {
    await threads.terminate(true)
  }
}
