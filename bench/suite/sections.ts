/** The tables of each benchmark's section. */
import { sortBy } from 'lodash'
import { linesPerSecond, type LogSpeeds } from '../log-speed'
import type { Finder, Throughput } from '../models/throughput-result'
import { code, left, right, table } from '../../harness/markdown'
import type { BenchName, Figures, Performance } from './performance'
import { figure, milliseconds, percent, times, whole } from './numbers'
import { bugTables } from './sections-time-to-bug'
import { shrinkingTables } from './sections-shrinking'

type Tables = { readonly [Name in BenchName]: (figures: Figures[Name]) => string[] }

const tables: Tables = {
  throughput: throughputTables,
  'step-cost': stepCostTables,
  seam: seamTables,
  reference: referenceTables,
  exhaustive: exhaustiveTables,
  'time-to-bug': bugTables,
  shrinking: shrinkingTables,
  determinism: determinismTables,
  'log-speed': logSpeedTables,
}

export function sectionOf<Name extends BenchName>(name: Name, performance: Performance): string[] {
  const taken = performance.benches[name]
  return taken ? tables[name](taken.figures as Figures[Name]) : []
}

function throughputTables(figures: Throughput): string[] {
  return [
    `Schedules a second of processor time, medians of ${figures.rounds} rounds:`,
    rates(figures),
    `Schedules to the planted bug, means of ${figures.seeds} seeds and their standard errors, and the time that so many take at the rates above:`,
    toBug(figures),
    'Searching everything; times of SPIN include its process:',
    searches(figures),
  ]
}

function rates({ throughput }: Throughput): string {
  const columns = [
    left('model'),
    left('what runs'),
    right('schedules/s'),
    right('steps/s'),
    right('steps a schedule'),
    right('the engine over it'),
  ]
  const rows = throughput.flatMap(({ size, rows }) =>
    rows.map((row) => [
      size,
      row.name,
      whole(row.schedulesPerSecond),
      whole(row.stepsPerSecond),
      row.stepsPerSchedule.toFixed(1),
      times(row.engineOver),
    ]),
  )
  return table(columns, rows)
}

function toBug({ toBug, throughput }: Throughput): string {
  const columns = [
    left('model'),
    left('bug'),
    right('random walk'),
    right('portfolio'),
    right('fast-check, tuned'),
  ]
  const rateOf = (size: string, name: string) =>
    throughput.find((one) => one.size === size)!.rows.find((row) => row.name.startsWith(name))!
      .schedulesPerSecond
  const cell = ({ meanSchedules, standardError, missed }: Finder, rate: number) =>
    `${meanSchedules.toFixed(1)} ± ${standardError.toFixed(1)}${missed ? `, ${missed} missed` : ''} (${milliseconds((meanSchedules * 1000) / rate)})`
  const rows = toBug.map(({ size, defect, walk, portfolio, scheduler }) => {
    const engine = rateOf(size, 'engine, random walk')
    return [
      size,
      defect,
      cell(walk, engine),
      cell(portfolio, engine),
      cell(scheduler, rateOf(size, 'fc.scheduler, fc.assert and waitOne')),
    ]
  })
  return table(columns, rows)
}

function searches({ exhausted, explored, spin }: Throughput): string {
  const row = (what: string, unit: string, count: number, ms: number, end: string) => [
    ...[what, unit, whole(count), milliseconds(ms), whole((count * 1000) / ms), end],
  ]
  const rows = [
    ...exhausted.map(({ size, schedules, milliseconds: ms, complete }) =>
      row(`engine, ${size}`, 'schedules', schedules, ms, complete ? 'all' : 'capped'),
    ),
    ...explored.map(({ size, defect, classes, milliseconds: ms, found }) =>
      row(
        `engine, ${size}${defect === 'none' ? '' : ', bug planted'}`,
        'trace classes',
        classes,
        ms,
        found ? 'bug found' : 'all',
      ),
    ),
    ...(spin === null
      ? []
      : (
          [
            ['small', spin.small],
            ['small, bug planted', spin.smallWithDefect],
            ['medium', spin.medium],
          ] as const
        ).flatMap(([model, results]) =>
          results.map(({ reduced, states, milliseconds: ms, errors, complete }) =>
            row(
              `SPIN, ${model}`,
              `states, ${reduced ? 'reduced' : 'not reduced'}`,
              states,
              ms,
              errors > 0 ? 'bug found' : complete ? 'all' : 'capped',
            ),
          ),
        )),
  ]
  const columns = [left('search'), left('of'), ...['count', 'time', 'a second', 'end'].map(right)]
  return table(columns, spin === null ? [...rows, ['SPIN', 'not installed', '', '', '', '']] : rows)
}

function stepCostTables({ rounds, contracts, bareNs, costs }: Figures['step-cost']): string[] {
  const listeners = ['nobody', 'four', 'all'] as const
  const headings = ['nobody listens', 'four monitors', `${contracts} contracts`]
  const said = { point: 'A point and nothing else', lock: 'A spinlock, taken and given back' }
  return [
    `Over a bare resume of ${bareNs.toFixed(1)} ns, medians of ${rounds} rounds.`,
    ...(['point', 'lock'] as const).flatMap((kind) => {
      const own = costs.filter((one) => one.kind === kind)
      const depths = [...new Set(own.map(({ depth }) => depth))]
      const rows = depths.map((depth) => [
        `${depth}`,
        ...listeners.map((listening) => {
          const { ratio, ns } = own.find(
            (one) => one.depth === depth && one.listening === listening,
          )!
          return `${times(ratio)} (${whole(ns)} ns)`
        }),
      ])
      return [`${said[kind]}:`, table([right('calls deep'), ...headings.map(right)], rows)]
    }),
  ]
}

function seamTables({ symbols, calls, observed, steps }: Figures['seam']): string[] {
  const ns = (value: number) => `${value.toFixed(1)} ns`
  return [
    `Calls of ${symbols} symbols that nobody observes, half of which were observed before; an observed call inside a run takes ${ns(observed)}.`,
    table(
      [left('a call'), right('direct'), right('through the seam'), right('ratio')],
      (
        [
          ['its generator created only', calls.created],
          ['run, a body without a point', calls.run],
          ['run, a body with one point', calls.stepping],
        ] as const
      ).map(([what, { direct, seam, ratio }]) => [what, ns(direct), ns(seam), times(ratio)]),
    ),
    'A step below so many calls, the calls native `yield*` or observed and held by the engine:',
    table(
      [right('calls deep'), right('native'), right('held'), right('ratio')],
      steps.map(({ depth, native, held }) => [
        `${depth}`,
        ns(native),
        ns(held),
        times(held / native),
      ]),
    ),
  ]
}

function referenceTables({ boot, rates, workload, memory }: Figures['reference']): string[] {
  const megabytes = (bytes: number) => `${whole(bytes / 2 ** 20)} MiB`
  const last = memory.resident.at(-1)!
  return [
    `The world ${code(boot.world)} (four areas, two notifiers, nobody does anything) is built and taken down in ${whole(boot.microseconds)} µs. Runs of ${code(workload)}:`,
    table(
      [left('who judges'), ...['contracts', 'runs a second'].map(right)],
      rates.map(({ contracts, count, runsPerSecond }) => [
        code(contracts),
        `${count}`,
        whole(runsPerSecond),
      ]),
    ),
    `Resident memory over ${whole(memory.runs)} runs: ${megabytes(memory.resident[0]!)} after a twentieth of them, ${megabytes(last)} after all, at most ${megabytes(Math.max(...memory.resident))}.`,
  ]
}

function exhaustiveTables({ repeats, models, reference }: Figures['exhaustive']): string[] {
  const capped = (count: number, complete: boolean) => `${whole(count)}${complete ? '' : ' (cap)'}`
  return [
    `The model, times medians of ${repeats}:`,
    table(
      [
        left('tasks'),
        ...['classes', 'executions', 'a class', 'time', 'all schedules', 'time'].map(right),
      ],
      models.map((one) => [
        one.model,
        whole(one.classes),
        capped(one.executions, one.complete),
        (one.executions / one.classes).toFixed(3),
        milliseconds(one.ms),
        capped(one.schedules, one.schedulesComplete),
        milliseconds(one.schedulesMs),
      ]),
    ),
    'The reference:',
    table(
      [
        left('workload'),
        left('contracts'),
        ...['classes', 'executions', 'time', 'that object'].map(right),
      ],
      reference.map((one) => [
        code(one.workload),
        code(one.contracts),
        whole(one.classes),
        capped(one.executions, one.complete),
        milliseconds(one.ms),
        `${one.objecting}`,
      ]),
    ),
  ]
}

function determinismTables(figures: Figures['determinism']): string[] {
  const { runs, repeated, differing, seconds, compared, digest, processes } = figures
  return [
    `${whole(runs)} runs in ${milliseconds(seconds * 1000)} (${figure(runs / seconds)} a second); ${whole(repeated)} were taken twice (${percent(repeated / runs)}), ${differing} went another way. The campaign that processes repeat has ${whole(compared)} runs and the digest ${code(digest.slice(0, 16))}.`,
    table(
      [left('another process'), left('what it says'), right('tokens replayed')],
      sortBy(processes, 'version').map(({ version, installed, differs, tokens, replayed }) =>
        installed
          ? [
              `Node ${version}`,
              differs.length === 0 ? 'the same bytes' : `other ${differs.join(', ')}`,
              `${replayed} of ${tokens}`,
            ]
          : [`Node ${version}`, 'npm cannot have it here', ''],
      ),
    ),
  ]
}

function logSpeedTables(figures: LogSpeeds): string[] {
  const columns = [
    right('lines'),
    right('address spaces'),
    right('lines/s of processor time'),
    right('by the clock'),
    right('memory at most'),
  ]
  const rows = figures.map((one) => [
    whole(one.lines),
    whole(one.lives),
    whole(linesPerSecond(one)),
    milliseconds(one.elapsedMs),
    `${one.memoryMaxMegabytes} MB`,
  ])
  return [table(columns, rows)]
}
