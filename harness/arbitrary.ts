/** Worlds and workloads, generated. Every subset of a workload is a workload. */
import fc from 'fast-check'
import { mapValues, uniq, without } from 'lodash'
import { deviceOperations } from './device-operations'
import { driverNames, type DriverName } from './drivers'
import { intervalOperations } from './interval-operations'
import type { Argument } from './operation'
import { operations } from './operations'
import { selftests } from './selftests'
import { pagesIn, type Area, type World } from './world'
import type { Workload } from './workload'

const pagesMax = 4
const devicePagesMin = 2
const devicePagesMax = 3
const areasMax = 3
const tasksMax = 4
const opsMax = 8
const kindsMin = 3
const kindsMax = 6

/** What a campaign can be about. */
export type Subject = 'kernel' | 'devices' | 'intervals'

/** How often each operation is generated, relative to the others; 2 unless told. */
const weights: Readonly<Record<string, number>> = {
  device_fault: 5,
  device_fault_write: 3,
  device_read: 6,
  device_write: 4,
  kvm_fault: 3,
  kvm_read: 4,
  odp_fault: 3,
  odp_read: 4,
  reclaim: 5,
  munmap: 3,
  oom_reap: 6,
  watch: 5,
  listen: 4,
  open: 2,
  close: 3,
  reopen: 6,
  cpu_read: 1,
  exit: 2,
  ...mapValues(selftests, () => 1),
  mmap_fixed: 1,
  mremap: 1,
  mprotect_read: 1,
  mprotect_write: 1,
  dontneed: 1,
  gup: 1,
  fork: 1,
  child_read: 1,
  child_write: 1,
  child_exit: 1,
  truncate: 1,
  direct_reclaim: 1,
  kswapd: 1,
  memory_low: 3,
  oom_kill: 1,
  age: 1,
  readahead: 1,
  hold_mmap_sem: 5,
  detach: 3,
  other_process: 1,
  bad_arguments: 1,
}

/** What worlds about devices draw from, and how often: nothing else. */
const deviceWeights: Readonly<Record<string, number>> = {
  ats_read: 10,
  ats_scan: 10,
  ats_write: 6,
  cpu_read: 8,
  cpu_write: 10,
  reclaim: 8,
  kswapd: 1,
  migrate_page: 9,
  munmap: 2,
  mmap_fixed: 1,
  mmap_populate: 3,
  mremap: 3,
  dontneed: 1,
  mprotect_read: 1,
  mprotect_write: 1,
  truncate: 2,
  dma: 9,
  invlock_read: 10,
  invlock_write: 6,
  fork: 2,
  child_read: 1,
  child_write: 2,
  child_exit: 1,
  exit: 1,
  oom_reap: 1,
  device_read: 5,
  device_write: 2,
  kvm_fault: 2,
  kvm_read: 3,
  odp_fault: 2,
  odp_read: 3,
  reopen: 1,
  close: 1,
}

/** What worlds about interval notifiers draw from: who reads, who comes and goes, and whom they collide with. */
const intervalWeights: Readonly<Record<string, number>> = {
  interval_read: 10,
  interval_write: 5,
  interval_mirror: 14,
  interval_peek: 2,
  reopen: 6,
  close: 1,
  cpu_write: 5,
  dontneed: 7,
  reclaim: 5,
  oom_reap: 8,
  listen: 4,
  munmap: 2,
  mprotect_read: 1,
  migrate_page: 1,
  fork: 1,
  exit: 1,
}

function area(pagesMax: number, pagesMin = 1): fc.Arbitrary<Area> {
  return fc
    .record({
      pages: fc.integer({ min: pagesMin, max: pagesMax }),
      // Access to what is not there, and to what is, run through different code.
      unmapped: fc.oneof(fc.constant(0), fc.nat(pagesMax)),
      shared: fc.boolean(),
      file: fc.oneof(
        { weight: 7, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    })
    .map(({ pages, unmapped, shared, file }) => ({
      pages,
      mapped: Math.max(0, pages - unmapped),
      shared,
      file,
    }))
}

const fileArea: fc.Arbitrary<Area> = fc
  .record({ mapped: fc.nat(1), shared: fc.boolean() })
  .map((rest) => ({ pages: 1, file: true, ...rest }))

/** What most worlds about the kernel draw from. */
const kernelDrivers = without(driverNames, 'invlock', 'interval')

/**
 * Two mirrors of one address space share an hmm, which stays while one of them comes and goes; a driver that counts
 * passes by itself is there for what it is told, beside others who refuse.
 */
const drivers: fc.Arbitrary<readonly DriverName[]> = fc.oneof(
  { weight: 6, arbitrary: fc.subarray([...kernelDrivers], { minLength: 1 }) },
  {
    weight: 3,
    arbitrary: fc
      .subarray(without(kernelDrivers, 'gpu', 'gpu1'))
      .map((others): DriverName[] => ['gpu', 'gpu1', ...others]),
  },
  {
    weight: 1,
    arbitrary: fc
      .subarray<DriverName>(['gpu', 'odp'])
      .map((others): DriverName[] => ['invlock', ...others]),
  },
)

export const world: fc.Arbitrary<World> = fc
  .record({
    first: area(pagesMax),
    more: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(area(1), { minLength: 1, maxLength: areasMax - 1 }) },
    ),
    drivers,
  })
  .map(({ first, more, drivers }) => ({ ...first, more, drivers, slow: false }))

/** A device that shares the CPU's page table, and others beside it; most hardware takes its time. */
const deviceWorld: fc.Arbitrary<World> = fc
  .record({
    // What a device sees of one page depends on what it has seen of another.
    first: area(devicePagesMax, devicePagesMin),
    more: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fileArea, { minLength: 1, maxLength: 1 }) },
    ),
    others: fc.oneof(
      { weight: 1, arbitrary: fc.constant<DriverName[]>([]) },
      { weight: 2, arbitrary: fc.constant<DriverName[]>(['invlock']) },
      { weight: 1, arbitrary: fc.subarray(without(driverNames, 'ats', 'gpu1', 'interval')) },
    ),
    slow: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ first, more, others, slow }) => ({ ...first, more, drivers: [...others, 'ats'], slow }))

/** An interval notifier's user, and pages that do not concern it. */
const intervalWorld: fc.Arbitrary<World> = fc
  .record({
    first: area(devicePagesMax),
    slow: fc.oneof(
      { weight: 1, arbitrary: fc.constant(true) },
      { weight: 3, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ first, slow }) => ({ ...first, more: [], drivers: ['interval'], slow }))

/** What an operation needs to have come before it, or it finds nothing to do. */
const needs: Readonly<Record<string, string>> = {
  kvm_read: 'kvm_fault',
  odp_read: 'odp_fault',
  detach: 'attach',
}

/**
 * The kinds of operation that one workload draws from. A few kinds often meet; of all kinds any two
 * meet seldom (swarm testing, Groce et al. 2012).
 */
function kinds(made: World, { names, weights }: Drawn): fc.Arbitrary<readonly string[]> {
  const possible = names.filter((name) => isPossible(name, made))
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(names) },
    {
      weight: 3,
      arbitrary: fc
        .uniqueArray(fc.oneof(...weighted(possible, weights, fc.constant)), {
          minLength: kindsMin,
          maxLength: kindsMax,
          size: 'max',
        })
        .map((some) => uniq([...some, ...some.flatMap((name) => needs[name] ?? [])])),
    },
  )
}

/** Whether an operation has the device that it is on. */
function isPossible(name: string, { drivers }: World): boolean {
  const { takes, on } = operations[name]!
  if (takes.includes('gpu')) return drivers.includes('gpu') || drivers.includes('gpu1')
  return on === undefined || drivers.includes(on)
}

function weighted<T>(
  names: readonly string[],
  weights: Drawn['weights'],
  make: (name: string) => fc.Arbitrary<T>,
): fc.WeightedArbitrary<T>[] {
  return names.map((name) => ({ weight: weights[name] ?? 2, arbitrary: make(name) }))
}

/** One operation's text, its pages within the world's. */
function operation(
  world: World,
  hot: number,
  among: readonly string[],
  { weights }: Drawn,
): fc.Arbitrary<string> {
  const pages = pagesIn(world)
  const { drivers } = world
  const page = fc.oneof(
    { weight: 2, arbitrary: fc.constant(hot) },
    { weight: 1, arbitrary: fc.nat(pages - 1) },
  )
  const first = drivers.includes('gpu') ? '0' : '1'
  const argument = (kind: Argument): fc.Arbitrary<string> => {
    switch (kind) {
      case 'page':
        return page.map(String)
      case 'end':
        return fc.integer({ min: 1, max: pages }).map(String)
      case 'gpu':
        return fc.oneof(
          { weight: 3, arbitrary: fc.constant(first) },
          { weight: 1, arbitrary: fc.constantFrom('0', '1') },
        )
      case 'driver':
        return fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...drivers) },
          { weight: 1, arbitrary: fc.constantFrom(...kernelDrivers) },
        )
    }
  }
  const one = (name: string) => {
    const { takes } = operations[name]!
    return fc.tuple(...takes.map(argument)).map((args) => spell(name, takes, args))
  }
  return fc.oneof(...weighted(among, weights, one))
}

/** Ends lie behind starts, and the first GPU needs no mention. */
function spell(name: string, takes: readonly Argument[], args: string[]): string {
  const start = Number(args[takes.indexOf('page')])
  const words = args.map((word, i) => {
    if (takes[i] === 'end') return String(Math.max(start + 1, Number(word)))
    return takes[i] === 'gpu' && word === '0' ? '' : word
  })
  return [name, ...words].filter((word) => word !== '').join(' ')
}

/** What the workloads of a subject are drawn from. */
interface Drawn {
  readonly world: fc.Arbitrary<World>
  readonly names: readonly string[]
  readonly weights: Readonly<Record<string, number>>
}

const drawn: Readonly<Record<Subject, Drawn>> = {
  kernel: {
    world,
    weights,
    names: without(
      Object.keys(operations),
      ...Object.keys(deviceOperations),
      ...Object.keys(intervalOperations),
    ),
  },
  devices: { world: deviceWorld, weights: deviceWeights, names: Object.keys(deviceWeights) },
  intervals: {
    world: intervalWorld,
    weights: intervalWeights,
    names: Object.keys(intervalWeights),
  },
}

function workloadsOf(drawn: Drawn): fc.Arbitrary<Workload> {
  return drawn.world
    .chain((made) => fc.tuple(fc.constant(made), fc.nat(pagesIn(made) - 1), kinds(made, drawn)))
    .chain(([made, hot, among]) => {
      const ops = fc.array(operation(made, hot, among, drawn), {
        minLength: 1,
        maxLength: opsMax,
        size: 'max',
      })
      return fc.array(ops, { minLength: 2, maxLength: tasksMax, size: 'max' }).map((tasks) => ({
        world: made,
        tasks: tasks.map((ops, i) => ({ name: `cpu${i}`, ops })),
      }))
    })
}

/** Workloads about the kernel's own promises, about what devices see of it, and about interval notifiers. */
export const workloads: Readonly<Record<Subject, fc.Arbitrary<Workload>>> = {
  kernel: workloadsOf(drawn.kernel),
  devices: workloadsOf(drawn.devices),
  intervals: workloadsOf(drawn.intervals),
}

/** `count` workloads that depend on the seed alone. */
export function sampleWorkloads(
  seed: number,
  count: number,
  subject: Subject = 'kernel',
): Workload[] {
  return fc.sample(workloads[subject], { seed, numRuns: count })
}
