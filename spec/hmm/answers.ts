/**
 * What HMM answers when it is asked whether a range is quiescent, as waits, snapshots and faults show it.
 *
 * A wait that is true and a walk that is accepted say that the range was quiescent; a wait that sleeps
 * or times out and a walk that is to be retried say that it was not.
 */
import type { Known, Tell } from '../contract'
import { busyness, reasonSince, type Reason } from '../facts/busyness'
import { quiescence } from '../facts/quiescence'
import { EAGAIN, EBUSY } from '../headers/types'
import type { Event } from '../../engine/events'

export interface Answer {
  readonly range: string
  readonly quiet: boolean
  /** What was asked, and what came of it. */
  readonly shape: string
  /** Where in the log the question began: whatever held since then held when it was answered. */
  readonly since: number
}

export const askedOf = { busyness, quiescence }
type Asked = Known<typeof askedOf>

/** The wait that each task is in. */
export type Waits = Map<number, { readonly range: string; readonly entry: number }>

type Judge = (answer: Answer, known: Asked, tell: Tell) => void
type WalkReturn = Event & { readonly range: string; readonly result: number }

/** Handlers that hear every answer. */
export function onAnswers(judge: Judge) {
  const walked =
    (what: string) =>
    (_waits: Waits, { range, result, entry }: WalkReturn, known: Asked, tell: Tell): void => {
      const quiet = result >= 0
      if (!quiet && result !== -EBUSY && result !== -EAGAIN) return
      const shape = `${what} ${quiet ? 'is accepted' : 'is to retry'}`
      judge({ range, quiet, shape, since: entry }, known, tell)
    }
  return {
    hmm_range_wait_until_valid: (waits: Waits, event: Event & { readonly range: string }): void => {
      waits.set(event.task, { range: event.range, entry: event.at })
    },
    schedule_timeout: (waits: Waits, { task }: Event, known: Asked, tell: Tell): void => {
      const wait = waits.get(task)
      if (!wait) return
      const { range, entry } = wait
      judge({ range, quiet: false, shape: 'wait sleeps', since: entry }, known, tell)
    },
    'hmm_range_wait_until_valid.return': (
      waits: Waits,
      { task, range, entry, result }: Event & { readonly range: string; readonly result: boolean },
      known: Asked,
      tell: Tell,
    ): void => {
      waits.delete(task)
      const shape = `wait is ${result}`
      judge({ range, quiet: result, shape, since: entry }, known, tell)
    },
    'hmm_range_snapshot.return': walked('snapshot'),
    'hmm_range_fault.return': walked('fault'),
  }
}

/** Why the range of an answer was busy for as long as the question lasted, or null. */
export function reasonOf({ range, since }: Answer, known: Asked): Reason | null {
  return reasonSince(known.busyness, known.quiescence, range, since)
}
