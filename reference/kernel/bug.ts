/** Linux's own assertions: WARN is survived and seen, BUG ends the task. */
import { Oops } from '../../engine/errors'
import { __warn } from '../../spec/headers/sched'

/** Reports `site` if the condition holds; usable in an `if` (000:3114). */
export function WARN_ON(condition: boolean, site: string): boolean {
  if (condition) __warn(site)
  return condition
}

/** Ends the task, with whatever it holds, if the condition holds (000:6958). */
export function BUG_ON(condition: boolean, site: string): void {
  if (condition) throw new Oops(`BUG: ${site}`)
}
