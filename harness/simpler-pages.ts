/** Workloads on fewer pages, or on pages that are easier to tell apart. */
import { isEqual, uniq } from 'lodash'
import { operationsOf, type Case } from '../engine/case'
import { operations } from './operations'
import { parseWorld, worldText } from './world'

/** One step simpler in their pages alone. */
export function* onSimplerPages(of: Case): Generator<Case> {
  yield* onPagesOfTheirOwn(of)
  yield* pagesInOrder(of)
  yield* withoutTheFirstArea(of)
  yield* withoutOnePage(of)
  for (const page of pagesOf(of)) if (page > 0) yield withPagesFrom(of, page)
}

/** A page more, and one operation on it alone. */
function* onPagesOfTheirOwn(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  const { pages, mapped, more } = world
  if (more.length > 0) return
  const larger = { ...world, pages: pages + 1, mapped: mapped === pages ? pages + 1 : mapped }
  for (const [t, { ops }] of of.tasks.entries())
    for (const [o, op] of ops.entries()) {
      const [name, , ...words] = op.split(' ') as [string, ...string[]]
      const { takes } = operations[name]!
      if (takes[0] !== 'page' || takes.includes('end') || operationsOf(of).length < 2) continue
      const moved = [name, pages, ...words].join(' ')
      const task = { ...of.tasks[t]!, ops: ops.with(o, moved) }
      yield { world: worldText(larger), tasks: of.tasks.with(t, task) }
    }
}

/** Pages by the order in which operations name them. */
function* pagesInOrder(of: Case): Generator<Case> {
  const { mapped, pages } = parseWorld(of.world)
  const ops = of.tasks.flatMap((task) => task.ops)
  const takes = (op: string) => operations[op.split(' ')[0]!]!.takes
  if ((mapped > 0 && mapped < pages) || ops.some((op) => takes(op).includes('end'))) return
  const named = uniq(ops.filter((op) => takes(op)[0] === 'page').map((op) => op.split(' ')[1]!))
  const rename = (op: string) => {
    const [name, page, ...words] = op.split(' ')
    return takes(op)[0] === 'page' ? [name, named.indexOf(page!), ...words].join(' ') : op
  }
  const tasks = of.tasks.map((task) => ({ ...task, ops: task.ops.map(rename) }))
  if (!isEqual(tasks, of.tasks)) yield { ...of, tasks }
}

function pagesOf(of: Case): number[] {
  return uniq(of.tasks.flatMap(({ ops }) => ops.flatMap(argumentsOf)))
}

/** One page of the first area gone, and all behind it moved down. */
function* withoutOnePage(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  const { pages, mapped } = world
  for (let page = 1; page < pages; page++) {
    const fewer = { ...world, pages: pages - 1, mapped: mapped > page ? mapped - 1 : mapped }
    yield {
      ...withPagesFrom(of, page),
      world: worldText({ ...fewer, mapped: Math.min(fewer.mapped, pages - 1) }),
    }
  }
}

/** The first area gone, and all else moved to where it began. */
function* withoutTheFirstArea(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  const [next, ...more] = world.more
  if (!next) return
  let moved = of
  for (let page = world.pages; page > 0; page--) moved = withPagesFrom(moved, page)
  yield { ...moved, world: worldText({ ...world, ...next, more }) }
}

/** Moves everything at or behind `page` one page down, in all operations together. */
function withPagesFrom(of: Case, page: number): Case {
  const lowered = (op: string) => {
    const [name, ...words] = op.split(' ') as [string, ...string[]]
    const { takes } = operations[name]!
    const down = words.map((word, i) => {
      if (takes[i] === 'end')
        return String(
          Math.max(
            Number(words[i - 1]) >= page ? Number(words[i - 1]) : Number(words[i - 1]) + 1,
            Number(word) - 1,
          ),
        )
      return takes[i] === 'page' && Number(word) >= page ? String(Number(word) - 1) : word
    })
    return [name, ...down].join(' ')
  }
  return { ...of, tasks: of.tasks.map((task) => ({ ...task, ops: task.ops.map(lowered) })) }
}

/** The numbers among the arguments of an operation. */
export function argumentsOf(op: string): number[] {
  return op
    .split(' ')
    .slice(1)
    .map(Number)
    .filter((value) => !Number.isNaN(value))
}
