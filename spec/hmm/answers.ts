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

/** The questions under way, by task and by what is asked. */
export type Questions = Map<string, { readonly range: string; readonly asked: number }>

type Judge = (answer: Answer, known: Asked, tell: Tell) => void
type Ask = Event & { readonly range: string }
type WalkReturn = Ask & { readonly result: number }
type WaitReturn = Ask & { readonly result: boolean }

/** Handlers that hear every answer. */
export function onAnswers(judge: Judge) {
  const walked =
    (what: string) =>
    (questions: Questions, { task, range, result }: WalkReturn, known: Asked, tell: Tell): void => {
      const since = questions.get(`${what} of ${task}`)!.asked
      questions.delete(`${what} of ${task}`)
      const quiet = result >= 0
      if (!quiet && result !== -EBUSY && result !== -EAGAIN) return
      const shape = `${what} ${quiet ? 'is accepted' : 'is to retry'}`
      judge({ range, quiet, shape, since }, known, tell)
    }
  return {
    ...onWaits(judge),
    hmm_range_snapshot: asks('snapshot'),
    'hmm_range_snapshot.return': walked('snapshot'),
    hmm_range_fault: asks('fault'),
    'hmm_range_fault.return': walked('fault'),
  }
}

/** Handlers that hear what waits answer. */
export function onWaits(judge: Judge) {
  return {
    hmm_range_wait_until_valid: asks('wait'),
    schedule_timeout: (questions: Questions, { task }: Event, known: Asked, tell: Tell): void => {
      const wait = questions.get(`wait of ${task}`)
      if (!wait) return
      const { range, asked } = wait
      judge({ range, quiet: false, shape: 'wait sleeps', since: asked }, known, tell)
    },
    'hmm_range_wait_until_valid.return': (
      questions: Questions,
      { task, range, result }: WaitReturn,
      known: Asked,
      tell: Tell,
    ): void => {
      const since = questions.get(`wait of ${task}`)!.asked
      questions.delete(`wait of ${task}`)
      judge({ range, quiet: result, shape: `wait is ${result}`, since }, known, tell)
    },
  }
}

function asks(what: string) {
  return (questions: Questions, { task, range, at }: Ask): void =>
    void questions.set(`${what} of ${task}`, { range, asked: at })
}

/** Why the range of an answer was busy for as long as the question lasted, or null. */
export function reasonOf({ range, since }: Answer, known: Asked): Reason | null {
  return reasonSince(known.busyness, known.quiescence, range, since)
}
