/** Trace classes by name: schedules that differ only in the order of independent steps have the same. */
import { optionTask, type StepKey } from './choice'
import type { Footprint } from './footprint'
import { happensBefore } from './races'

/** The first order, by task, of a run's steps that keeps conflicting ones in the order they had. */
export function classOf(
  steps: readonly Pick<StepKey, 'option'>[],
  footprints: readonly Footprint[],
): string {
  const clocks = happensBefore(
    steps.map(({ option }, at) => ({ option, footprint: footprints[at]! })),
  )
  const left = steps.map((_, at) => at)
  const order: number[] = []
  while (left.length > 0) {
    let first = -1
    for (const at of left) {
      if (left.some((other) => clocks.isBefore(other, at))) continue
      const task = optionTask(steps[at]!.option)
      if (first < 0 || task < optionTask(steps[first]!.option)) first = at
    }
    left.splice(left.indexOf(first), 1)
    order.push(steps[first]!.option)
  }
  return order.join(' ')
}
