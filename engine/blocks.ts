/** Blocks of a schedule: stretches of steps of one task, and how they are merged into fewer. */
import { groupBy, isEqual } from 'lodash'
import { optionTask, type StepKey } from './choice'

type Block = readonly StepKey[]

const taskOf = (block: Block) => optionTask(block[0]!.option)

export function blocksOf(keys: readonly StepKey[]): Block[] {
  const blocks: StepKey[][] = []
  for (const key of keys) {
    const last = blocks.at(-1)
    if (last && taskOf(last) === optionTask(key.option)) last.push(key)
    else blocks.push([key])
  }
  return blocks
}

/**
 * The schedules in which, within a window of blocks, every task runs in one go: in the order in which
 * the tasks begin there, and in the order in which they end. A window of three pulls a later block of a
 * task up to the earlier one, or pushes the earlier one down.
 */
export function mergedWithin(blocks: readonly Block[], from: number, size: number): StepKey[][] {
  const window = blocks.slice(from, from + size)
  const byTask = groupBy(window, taskOf)
  const oneAfterAnother = (tasks: Iterable<number>) =>
    [...tasks].flatMap((task) => byTask[task]!.flat())
  const whole = window.flat()
  const begin = oneAfterAnother(new Set(window.map(taskOf)))
  const end = oneAfterAnother([...new Set(window.toReversed().map(taskOf))].reverse())
  const merged = isEqual(begin, end) ? [begin] : [begin, end]
  const [before, behind] = [blocks.slice(0, from).flat(), blocks.slice(from + size).flat()]
  return merged
    .filter((steps) => !isEqual(steps, whole))
    .map((steps) => [...before, ...steps, ...behind])
}

/**
 * The schedules in which, where a block ends and another begins, one step has moved: the last of the one behind
 * some of the other, or the first of the other before some of the one.
 */
export function* stepMoved(keys: readonly StepKey[]): Generator<StepKey[]> {
  const blocks = blocksOf(keys)
  let begin = 0
  for (const [i, block] of blocks.slice(0, -1).entries()) {
    const [before, behind] = [block.length, blocks[i + 1]!.length]
    const at = begin + before
    for (let forward = 1; forward <= behind; forward++) yield exchanged(keys, at, 1, forward)
    for (let back = 2; back <= before; back++) yield exchanged(keys, at, back, 1)
    begin = at
  }
}

/** The last `back` steps before `at` behind the first `forward` steps from it on. */
export function exchanged(
  keys: readonly StepKey[],
  at: number,
  back: number,
  forward: number,
): StepKey[] {
  const [late, early] = [keys.slice(at - back, at), keys.slice(at, at + forward)]
  return [...keys.slice(0, at - back), ...early, ...late, ...keys.slice(at + forward)]
}
