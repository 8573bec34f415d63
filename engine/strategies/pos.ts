/**
 * POS: every pending step has a random priority; a step that is taken redraws those that race with it.
 *
 * Source: Yuan, Yang and Gu, "Partial order aware concurrency sampling", CAV 2018. Invariant: a step's
 * priority is drawn anew when its task gets there and whenever a conflicting step is taken, so that of
 * two racing steps either order is as likely. Steps race when their points name the same subject.
 */
import type { Choice, Option, Position } from '../choice'
import { optionTask } from '../choice'
import { random } from '../random'
import type { Strategy } from './strategy'

export function pos(seed: number): Choice {
  const next = random(seed)
  const drawn = () => next(1 << 30)
  /** By option: its priority, and the point that it was drawn for. */
  const priorities: number[] = []
  const points: unknown[] = []
  const subjects: unknown[] = []
  const priorityOf = (option: Option, position: Position | null): number => {
    const point = position?.point ?? null
    if (priorities[option] === undefined || points[option] !== point) {
      priorities[option] = drawn()
      points[option] = point
      subjects[option] = point?.subject
    }
    return priorities[option]!
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
        if (other === option || (subject !== undefined && subjects[other] === subject))
          priorities[other] = drawn()
    },
  }
}

export const posSchedules = (): Strategy => ({ name: 'POS', begin: pos })
