/** Workloads that are like a given one: another operation does in the place of one, or another world. */
import { memoize, range, without } from 'lodash'
import { operationsOf, without as withoutOperations, type Case } from '../engine/case'
import { driverNames, type DriverName } from './drivers'
import type { Argument } from './operation'
import { operations } from './operations'
import { preference } from './simpler'
import { backings, pagesIn, parseWorld, worldText, type Backing, type World } from './world'

/** An operation less, then as many: in other worlds, with another operation in the place of one, with both. */
export function* alternatives(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  const rests = operationsOf(of).map((dropped) => withoutOperations(of, [dropped]))
  for (const rest of rests) yield* otherWorlds(rest)
  // A page more: what is behind the last one is not mapped.
  const pages = pagesIn(world) + 1
  for (const rest of rests) yield* standIns(rest, world, pages)
  yield* otherWorlds(of)
  yield* standIns(of, world, pages)
  for (const like of [...worldsLike(world), ...withoutADriver(world)]) yield* standIns(of, like)
  for (const like of worldsLike(world)) for (const rest of rests) yield* standIns(rest, like)
}

/** Every operation in the place of one, on the first pages. */
function* standIns(of: Case, world: World, pages = pagesIn(world)): Generator<Case> {
  for (const { task, op } of operationsOf(of))
    for (const text of everyOperation(Math.min(pages, pagesMax))) {
      const ops = of.tasks[task]!.ops.with(op, text)
      const tasks = of.tasks.with(task, { ...of.tasks[task]!, ops })
      yield { world: worldText(openFor(text, world)), tasks }
    }
}

/** The same operations in other memory, with one device more, on hardware of either pace. */
function* otherWorlds(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  for (const more of [undefined, ...driverNames])
    for (const backing of backings) {
      const drivers = driverNames.filter((name) => name === more || world.drivers.includes(name))
      for (const other of worldsLike({ ...world, drivers }, backing))
        yield { ...of, world: worldText(other) }
    }
}

/** Of either pace; with no page present, all of them, or all of them shared. */
function worldsLike(world: World, backing: Backing = 'anonymous'): World[] {
  const { pages: mapped } = world
  const memories = [
    { mapped: 0 },
    { mapped, backing, shared: false },
    { mapped, backing, shared: true },
  ]
  return [false, true].flatMap((slow) => memories.map((memory) => ({ ...world, ...memory, slow })))
}

function withoutADriver(world: World): World[] {
  return world.drivers.map((name) => ({ ...world, drivers: without(world.drivers, name) }))
}

/** With the device that the operation is for. */
function openFor(text: string, world: World): World {
  const needed = deviceOf(text)
  const isOpen = (name: DriverName) => name === needed || world.drivers.includes(name)
  return { ...world, drivers: driverNames.filter(isOpen) }
}

/** The device that has to be open for an operation to do something. */
function deviceOf(text: string): DriverName | undefined {
  const [name, driver] = text.split(' ') as [string, string?]
  const { takes, on } = operations[name]!
  if (takes.at(-1) === 'gpu') return 'gpu'
  return name === 'close' ? (driver as DriverName) : on
}

/** As many pages as operations are spelled with. */
const pagesMax = 3

/** Operations with every argument, those first that are preferred. */
const everyOperation = memoize((pages: number): readonly string[] =>
  preference.flatMap((name) => {
    const { takes } = operations[name]!
    let spelled: readonly (readonly string[])[] = [[name]]
    for (const take of takes)
      spelled = spelled.flatMap((words) =>
        wordsFor(take, words, pages).map((word) => [...words, ...word]),
      )
    return spelled.map((words) => words.join(' '))
  }),
)

function wordsFor(take: Argument, words: readonly string[], pages: number): string[][] {
  switch (take) {
    case 'page':
      return range(pages).map((page) => [String(page)])
    case 'end':
      return range(Number(words.at(-1)) + 1, pages + 1).map((end) => [String(end)])
    case 'gpu':
      return [[]]
    case 'driver':
      return driverNames.map((name) => [name])
  }
}
