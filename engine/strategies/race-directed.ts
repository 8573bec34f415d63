/**
 * Race directed: holds back every task that is about to touch one chosen subject until a second one is,
 * then lets either go first.
 *
 * Source: Sen, "Race directed random testing of concurrent programs", PLDI 2008. Invariant: a step on the
 * chosen subject is taken only while another task stands at such a step too, or when nothing else can go on.
 * Subjects are known by their names, from earlier runs of the workload in which several tasks touched them.
 */
import { optionTask, stepOf, type Choice, type Option, type Position } from '../choice'
import { random } from '../random'
import { describe } from '../task'
import type { Strategy } from './strategy'

/** How much the walk prefers to keep running where nothing is held back, in thousandths. */
const sticky = 800

/** By name of a subject: the one task that touched it, or `shared`. */
export type Subjects = Map<string, number | 'shared'>

const nameAt = (position: Position | null) => describe(position?.point?.subject)

export function raceDirected(seed: number, subjects: ReadonlyMap<string, unknown>): Choice {
  const next = random(seed)
  const known = [...subjects.keys()].filter((name) => subjects.get(name) === 'shared')
  const target = known.length === 0 ? null : known[next(known.length)]!
  let current = -1
  return {
    pick(options, count, positionOf) {
      const isHeld = (option: Option) =>
        target !== null && nameAt(positionOf(optionTask(option))) === target
      let held = 0
      for (let i = 0; i < count; i++) if (isHeld(options[i]!)) held++
      const takesHeld = held >= 2 || held === count
      const free = takesHeld ? held : count - held
      const canKeep = !takesHeld && options[0] === stepOf(current) && !isHeld(options[0])
      if (canKeep && next(1000) < sticky) return 0
      let left = next(free)
      for (let i = 0; i < count; i++)
        if (isHeld(options[i]!) === takesHeld && left-- === 0) return i
      return 0
    },
    took: (option) => void (current = optionTask(option)),
  }
}

/** Notes what the steps of a run touch. */
export function touched(subjects: Subjects, option: Option, position: Position): void {
  const name = nameAt(position)
  if (name === '') return
  const task = optionTask(option)
  const known = subjects.get(name)
  if (known === undefined) subjects.set(name, task)
  else if (known !== task) subjects.set(name, 'shared')
}

export function raceDirectedRuns(): Strategy {
  const subjects: Subjects = new Map()
  return {
    name: 'race directed',
    begin: (seed) => raceDirected(seed, subjects),
    watch: (option, position) => touched(subjects, option, position),
  }
}
