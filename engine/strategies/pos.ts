/**
 * POS: every pending step has a random priority; a step that is taken redraws those that race with it.
 *
 * Source: Yuan, Yang and Gu, "Partial order aware concurrency sampling", CAV 2018. Invariant: a step's
 * priority is drawn when its task gets there and anew whenever a conflicting step is taken, and is kept
 * otherwise; so of racing steps that are pending each is as likely to come first, and a step waits for
 * m steps of others that it does not race with in 1 of m + 1 runs. Steps race when their points name the
 * same subject.
 */
import { optionTask, type Choice, type Option, type Position } from '../choice'
import { random } from '../random'
import type { Strategy } from './strategy'

export function pos(seed: number): Choice {
  const next = random(seed)
  /** By option: the priority and the subject of the step that it stands for; none until it is asked for. */
  const priorities: (number | undefined)[] = []
  const subjects: unknown[] = []
  const priorityOf = (option: Option, position: Position | null): number => {
    const known = priorities[option]
    if (known !== undefined) return known
    subjects[option] = position?.point?.subject
    return (priorities[option] = next(1 << 30))
  }
  return {
    pick(options, count, positionOf) {
      let best = 0
      let highest = -1
      for (let i = 0; i < count; i++) {
        const priority = priorityOf(options[i]!, positionOf(optionTask(options[i]!)))
        if (priority > highest) [best, highest] = [i, priority]
      }
      return best
    },
    took(option, { point }) {
      const subject = point?.subject
      for (let other = 0; other < priorities.length; other++)
        if (
          optionTask(other) === optionTask(option) ||
          (subject !== undefined && subjects[other] === subject)
        )
          priorities[other] = undefined
    },
  }
}

export const posSchedules = (): Strategy => ({ name: 'POS', begin: pos })
