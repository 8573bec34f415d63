/**
 * Campaigns go on where a run does not. A run that loops for ever inside one call, uses up memory there or
 * ends its thread takes its worker with it: then another one begins the task again, to see whether the run
 * is lost again and what it picks until then; and then once more, without that run. Later losses of that kind are
 * taken for granted.
 */
import type { Lost } from './campaign'
import { choicesOf, newPulse } from './guard'
import { isForeign } from './subject'
import type { SubjectTask, Tasks } from './tasks'
import { WorkerLost, type Ask } from './workers'

type Part = 'shard' | 'regressions'
type PartTask<Name extends Part> = Omit<Parameters<Tasks[Name]>[0], 'lost'>
type PartResult<Name extends Part> = ReturnType<Tasks[Name]>

/** Has a worker do a part of a campaign, whatever becomes of its runs. */
export async function survive<Name extends Part>(
  ask: Ask,
  name: Name,
  task: PartTask<Name>,
): Promise<PartResult<Name>> {
  const lost = new Map<number, Lost>()
  for (;;) {
    const first = await attempt(ask, name, task, lost, false)
    if (first.loss === null) return first.result
    const isKnown = [...lost.values()].some(({ kind }) => kind === first.loss.kind)
    const sure = isKnown ? first : await attempt(ask, name, task, lost, true)
    if (sure.loss === null) return sure.result
    lost.set(sure.run, sure.loss)
  }
}

type Attempt<Result> = { loss: null; result: Result } | { loss: Lost; run: number }

async function attempt<Name extends Part>(
  ask: Ask,
  name: Name,
  task: PartTask<Name>,
  lost: ReadonlyMap<number, Lost>,
  withChoices: boolean,
): Promise<Attempt<PartResult<Name>>> {
  const pulse = newPulse(withChoices)
  try {
    const result = await ask(name, { ...task, lost } as never, pulse)
    return { loss: null, result: result as PartResult<Name> }
  } catch (error) {
    const run = pulse.run[0]! - 1
    const loss = lossOf(error as Error, isForeign(task))
    if (loss === null || run < 0 || lost.has(run)) throw error
    return { loss: { ...loss, choices: choicesOf(pulse) }, run }
  }
}

/** What an error says of a run; null if it is our own fault, or the user's. */
function lossOf(error: Error, isForeign: boolean): Omit<Lost, 'choices'> | null {
  if (error instanceof WorkerLost) return { kind: error.kind, says: error.outcome }
  if (!isForeign || error.name === 'UsageError') return null
  return { kind: 'crash', says: `crash: ${error.name}: ${error.message}` }
}

/** Null where the worker was lost over a task that can be done without. */
export async function unlessLost<T>(about: SubjectTask, result: Promise<T>): Promise<T | null> {
  try {
    return await result
  } catch (error) {
    if (lossOf(error as Error, isForeign(about)) === null) throw error
    return null
  }
}
