/**
 * Round robin: every task runs for a quantum of steps, then the next one by id.
 *
 * Source: the fair scheduler of Musuvathi and Qadeer, "Fair stateless model checking", PLDI 2008, with the
 * quantum drawn once a run. Invariant: no task that can go on waits for more than a quantum of every other.
 */
import { isTimeout, optionTask, stepOf, type Choice } from '../choice'
import { random } from '../random'
import type { Strategy } from './strategy'

const quantumMax = 12

export function roundRobin(seed: number): Choice {
  const quantum = 1 + random(seed)(quantumMax)
  let current = -1
  let taken = 0
  return {
    pick(options, count) {
      const keeps = options[0] === stepOf(current)
      if (keeps && taken < quantum) return 0
      let best = keeps && count > 1 ? 1 : 0
      for (let i = best + 1; i < count; i++)
        if (distance(options[i]!, current) < distance(options[best]!, current)) best = i
      return best
    },
    took(option) {
      taken = optionTask(option) === current ? taken + 1 : 1
      current = optionTask(option)
    },
  }
}

/** How far behind the current task an option's task comes; timeouts come last. */
function distance(option: number, current: number): number {
  const far = 1 << 16
  const task = optionTask(option)
  return (task > current ? task : task + far) + (isTimeout(option) ? 2 * far : 0)
}

export const roundRobins = (): Strategy => ({ name: 'round robin', begin: roundRobin })
