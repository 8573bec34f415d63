/** Which workloads are simpler than a given one: what a counterexample does not need goes. */
import { isEqual, sum, sumBy } from 'lodash'
import { operationsOf, without, type Case } from '../engine/case'
import { driverNames, type DriverName } from './drivers'
import { operations } from './operations'
import { argumentsOf, onSimplerPages } from './simpler-pages'
import { areasOf, pagesIn, parseWorld, worldText, type World } from './world'

const kinds = Object.keys(operations)
const simplestFirst = [
  ...['device_fault', 'reclaim', 'munmap', 'oom_reap', 'probe', 'close', 'exit'],
  'open',
]
/** Operations in the order in which one is preferred to another that fails as well. */
export const preference = [
  ...simplestFirst,
  ...kinds.filter((kind) => !simplestFirst.includes(kind)),
]

/** Workloads one step simpler: in the world, in all operations at once, or in one of them. */
export function* simplerCases(of: Case): Generator<Case> {
  yield* tightWorld(of)
  yield* onOtherDevices(of)
  yield* openFromTheStart(of)
  yield* copiedOnWrite(of)
  for (const world of simplerWorlds(parseWorld(of.world))) yield { ...of, world: worldText(world) }
  yield* onSimplerPages(of)
  for (const [t, { ops }] of of.tasks.entries())
    for (const [o, op] of ops.entries())
      for (const simpler of simplerOperations(op)) {
        const task = { ...of.tasks[t]!, ops: ops.with(o, simpler) }
        const tasks = of.tasks.with(t, task)
        const world = parseWorld(of.world)
        const missing = Math.max(0, pagesOfOperation(simpler) - pagesIn(world))
        const pages = world.pages + missing
        yield { world: worldText({ ...world, pages }), tasks }
        if (world.mapped < pages)
          yield { world: worldText({ ...world, pages, mapped: pages }), tasks }
      }
}

/** At once: no driver and no page that no operation names. */
function* tightWorld(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  const ops = of.tasks.flatMap((task) => task.ops)
  const pages = Math.max(1, ...ops.map(pagesOfOperation))
  const needed = (name: string) =>
    ops.some(
      (op) =>
        op.includes(name === 'gpu' ? 'device' : name) ||
        (name === 'gpu' && /^(probe|watch|stale|migrate)/.test(op)),
    )
  const drivers = world.drivers.filter(needed)
  if (pages > world.pages || drivers.length === 0) return
  const tight = { ...world, pages, more: [], drivers }
  yield { ...of, world: worldText({ ...tight, mapped: Math.min(pages, world.mapped) }) }
  yield { ...of, world: worldText({ ...tight, mapped: pages }) }
}

/** How many pages a world needs for an operation. */
function pagesOfOperation(op: string): number {
  const { takes } = operations[op.split(' ')[0]!]!
  const words = op.split(' ').slice(1)
  return Math.max(
    0,
    ...takes.map((take, i) =>
      take === 'page' ? Number(words[i]) + 1 : take === 'end' ? Number(words[i]) : 0,
    ),
  )
}

/** Other devices: the first GPU for the second, the two of them exchanged, one that ranks before another. */
function* onOtherDevices(of: Case): Generator<Case> {
  yield renamed(of, { gpu1: 'gpu' })
  yield renamed(of, { gpu: 'gpu1', gpu1: 'gpu' })
  const { drivers } = parseWorld(of.world)
  for (const later of drivers)
    for (const earlier of driverNames.slice(0, driverNames.indexOf(later)))
      if (!drivers.includes(earlier)) yield renamed(of, { [later]: earlier })
}

/** The same with other devices, in the world and in every operation. */
function renamed(of: Case, names: Partial<Record<DriverName, DriverName>>): Case {
  const nameOf = (name: string) => names[name as DriverName] ?? name
  const world = parseWorld(of.world)
  const opened = new Set(world.drivers.map(nameOf))
  const rename = (op: string) => {
    const [name, ...words] = op.split(' ') as [string, ...string[]]
    const { takes } = operations[name]!
    if (takes.at(-1) === 'driver') return [name, nameOf(words[0]!)].join(' ')
    if (takes.at(-1) !== 'gpu') return op
    const second = nameOf(words.length === takes.length ? 'gpu1' : 'gpu') === 'gpu1'
    return [name, ...words.slice(0, takes.length - 1), ...(second ? ['1'] : [])].join(' ')
  }
  return {
    world: worldText({ ...world, drivers: driverNames.filter((name) => opened.has(name)) }),
    tasks: of.tasks.map((task) => ({ ...task, ops: task.ops.map(rename) })),
  }
}

/** A device that an operation opens, open from the start. */
function* openFromTheStart(of: Case): Generator<Case> {
  const world = parseWorld(of.world)
  for (const [t, { ops }] of of.tasks.entries())
    for (const [o, op] of ops.entries()) {
      const opened = /^(?:re)?open (\w+)$/.exec(op)?.[1]
      if (opened === undefined) continue
      const drivers = driverNames.filter((name) => name === opened || world.drivers.includes(name))
      const rest = ops.filter((_, at) => at !== o)
      const tasks = of.tasks.with(t, { ...of.tasks[t]!, ops: rest })
      yield { world: worldText({ ...world, drivers }), tasks }
    }
}

/**
 * An operation less, and another that writes to pages which are shared from the start, and copies them: the
 * same page, or one of its own.
 */
function* copiedOnWrite(of: Case): Generator<Case> {
  const { pages, ...world } = parseWorld(of.world)
  if (world.more.length > 0) return
  const shared = (count: number) =>
    worldText({ ...world, pages: count, mapped: count, shared: true })
  for (const dropped of operationsOf(of)) {
    const { tasks } = without(of, [dropped])
    for (const [t, { ops }] of tasks.entries())
      for (const [o, op] of ops.entries()) {
        const [name, page, ...words] = op.split(' ') as [string, ...string[]]
        const instead = writingAs(name)
        if (instead === undefined) continue
        const writes = (to: string) => [instead, to, ...words].join(' ')
        const withOp = (text: string) => tasks.with(t, { ...tasks[t]!, ops: ops.with(o, text) })
        yield { world: shared(pages), tasks: withOp(writes(page!)) }
        yield { world: shared(pages + 1), tasks: withOp(writes(String(pages))) }
      }
  }
}

/** What writes as another operation reads. */
function writingAs(name: string): string | undefined {
  const writes = name.endsWith('_read') ? name.replace(/_read$/, '_write') : `${name}_write`
  return writes in operations ? writes : undefined
}

/** Smaller is simpler: drivers, pages, preferred operations, arguments. */
export function rankOf(of: Case): readonly number[] {
  const world = parseWorld(of.world)
  const { drivers } = world
  const areas = areasOf(world)
  const ops = of.tasks.flatMap((task) => task.ops)
  return [
    drivers.length,
    pagesIn(world),
    sum(drivers.map((name) => driverNames.indexOf(name))),
    sum(ops.map((op) => preference.indexOf(op.split(' ')[0]!))),
    sumBy(areas, 'mapped'),
    areas.length,
    world.slow ? 1 : 0,
    isEqual(drivers, inOrder(drivers)) ? 0 : 1,
    sum(areas.map(({ shared, backing }) => Number(shared) + Number(backing !== 'anonymous'))),
    sum(ops.map((op) => sum(argumentsOf(op)) + op.length)),
  ]
}

/** As they are listed, in whatever order they were opened. */
function inOrder(drivers: readonly DriverName[]): DriverName[] {
  return driverNames.filter((name) => drivers.includes(name))
}

function simplerWorlds(world: World): World[] {
  const { pages, mapped, shared, backing, more, drivers, slow } = world
  const simpler: World[] = drivers.map((gone) => ({
    ...world,
    drivers: drivers.filter((name) => name !== gone),
  }))
  for (let fewer = 1; fewer < pages; fewer++)
    simpler.push({ ...world, pages: fewer, mapped: Math.min(mapped, fewer) })
  for (let fewer = 0; fewer < mapped; fewer++) simpler.push({ ...world, mapped: fewer })
  simpler.push({ ...world, slow: !slow })
  if (shared) simpler.push({ ...world, shared: false })
  if (backing !== 'anonymous') simpler.push({ ...world, backing: 'anonymous' })
  simpler.push({ ...world, drivers: inOrder(drivers) })
  for (const gone of more) simpler.push({ ...world, more: more.filter((area) => area !== gone) })
  return simpler
}

/** Operations that rank before this one: other kinds with the same arguments, then smaller arguments. */
function simplerOperations(text: string): string[] {
  const [name, ...words] = text.split(' ') as [string, ...string[]]
  const { takes } = operations[name]!
  const simpler = preference
    .slice(0, preference.indexOf(name))
    .filter((other, rank) => rank < simplestFirst.length || isOfOneDevice(name, other))
    .flatMap((other) => spellWith(other, argumentsOf(text)))
  if (name === 'device_write') simpler.push(['device_fault_write', ...words].join(' '))
  if (name === 'reopen') simpler.push(...driverNames.map((driver) => `open ${driver}`))
  if (takes.at(-1) === 'gpu' && words.length === takes.length)
    simpler.push([name, ...words.slice(0, -1)].join(' '))
  if (takes.at(-1) === 'driver')
    simpler.push(
      ...driverNames
        .slice(0, driverNames.indexOf(words[0] as never))
        .map((driver) => `${name} ${driver}`),
    )
  for (const [i, kind] of takes.entries()) {
    if (kind === 'driver' || words[i] === undefined) continue
    const least = kind === 'end' ? Number(words[i - 1]) + 1 : 0
    for (let value = least; value < Number(words[i]); value++)
      simpler.push([name, ...words.with(i, String(value))].join(' '))
  }
  return simpler
}

/** `hfi1_send` and `hfi1_receive`. */
function isOfOneDevice(one: string, other: string): boolean {
  return one.split('_')[0] === other.split('_')[0]
}

/** Another kind of operation on the same pages. */
function spellWith(kind: string, args: readonly number[]): string[] {
  const { takes } = operations[kind]!
  const [page = 0, end = page + 1] = args
  if (takes.includes('driver')) return driverNames.map((driver) => `${kind} ${driver}`)
  const words = takes.flatMap((take) =>
    take === 'page' ? [page] : take === 'end' ? [Math.max(page + 1, end)] : [],
  )
  return [[kind, ...words].join(' ')]
}
