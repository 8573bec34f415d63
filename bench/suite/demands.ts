/**
 * What is demanded, and how it is read off the figures. Rates of peers in other languages are what they
 * reached on a like machine; everything else is a ratio or a count of one run.
 */
import { countBy, max, maxBy, mean, min, minBy, sortBy, sumBy } from 'lodash'
import { code } from '../../harness/markdown'
import { linesPerSecond } from '../log-speed'
import { judge, type Demand, type Measured } from './demand'
import type { Figures } from './performance'
import { figure, milliseconds, percent, times, whole } from './numbers'

const overDocumented = 'fc.scheduler, fc.assert and waitFor'
const overTuned = 'fc.scheduler, fc.sample and waitOne'
const ratioLeast = 15

/** The engine over one way to use fast-check: the least of the sizes. */
function over(name: string, { throughput }: Figures['throughput']): Measured {
  const ratios = throughput.map(({ size, rows }) => ({
    size,
    ratio: rows.find((row) => row.name === name)!.engineOver,
  }))
  const text = ratios.map(({ size, ratio }) => `${times(ratio)} (${size})`).join(', ')
  return { text, met: ratios.every(({ ratio }) => ratio >= ratioLeast) }
}

/** The engine's rate of schedules of so many steps: no more than it reached, on a size about as long. */
function ratePerSecond(
  { throughput }: Figures['throughput'],
  steps: number,
  least: number,
): Measured {
  const rates = throughput.map(({ rows }) => rows[0]!)
  const near = minBy(rates, ({ stepsPerSchedule }) => Math.abs(Math.log(stepsPerSchedule / steps)))!
  const rate = Math.min(near.schedulesPerSecond, near.stepsPerSecond / steps)
  const text = `${whole(rate)}/s, from ${whole(near.schedulesPerSecond)}/s of ${near.stepsPerSchedule.toFixed(1)} steps`
  return { text, met: rate > least }
}

const speed: readonly Demand[] = [
  judge('throughput', {
    id: 'throughput-documented',
    what: "schedules a second over fast-check's scheduler, used as documented (`waitFor`)",
    demanded: `≥ ${ratioLeast} ×`,
    measure: (figures) => over(overDocumented, figures),
  }),
  judge('throughput', {
    id: 'throughput-tuned',
    what: "the same over fast-check's scheduler in a loop tuned by hand (`waitOne`)",
    demanded: `≥ ${ratioLeast} ×`,
    measure: (figures) => over(overTuned, figures),
  }),
  ...[
    { peer: 'shuttle', steps: 98, least: 24_300 },
    { peer: 'shuttle', steps: 19, least: 116_500 },
  ].map(({ peer, steps, least }) =>
    judge('throughput', {
      id: `throughput-${peer}-${steps}`,
      what: `schedules of ${steps} steps a second, against ${peer} on a like machine`,
      demanded: `> ${whole(least)}/s`,
      measure: (figures) => ratePerSecond(figures, steps, least),
    }),
  ),
  judge('throughput', {
    id: 'throughput-loom',
    what: 'schedules a second on the longest model, against loom on a like machine',
    demanded: `> ${whole(15_100)}/s`,
    measure: ({ throughput }) => {
      const rate = min(throughput.map(({ rows }) => rows[0]!.schedulesPerSecond))!
      return { text: `${whole(rate)}/s`, met: rate > 15_100 }
    },
  }),
  ...(
    [
      ['point', 'a step that is a point'],
      ['lock', 'a step that takes a spinlock and gives it back (two observed calls)'],
    ] as const
  ).map(([kind, what]) =>
    judge('step-cost', {
      id: `step-cost-${kind}`,
      what: `${what}, four monitors, 8 calls deep, over a bare resume`,
      demanded: '≤ 12 ×',
      measure: ({ costs }) => {
        const { ratio } = costs.find(
          (one) => one.kind === kind && one.listening === 'four' && one.depth === 8,
        )!
        return { text: times(ratio), met: ratio <= 12 }
      },
    }),
  ),
  judge('seam', {
    id: 'seam',
    what: 'a call that nobody observes over a direct one; a step 12 observed calls deep over native `yield*`',
    demanded: 'measured',
    measure: ({ calls, steps }) => {
      const { native, held } = maxBy(steps, 'depth')!
      return { text: `${times(calls.stepping.ratio)}; ${times(held / native)}`, met: true }
    },
  }),
  judge('reference', {
    id: 'reference-boot',
    what: 'a world of four areas and two notifiers, built and taken down',
    demanded: '100 µs',
    measure: ({ boot: { microseconds } }) => ({
      text: `${whole(microseconds)} µs`,
      met: microseconds <= 100,
    }),
  }),
  judge('reference', {
    id: 'reference-runs',
    what: 'complete runs a second of a device fault against reclaim, the contracts of the notifier core judging',
    demanded: '≥ 20,000/s',
    measure: ({ rates }) => {
      const { runsPerSecond } = rates.find(({ contracts }) => contracts === 'MMN-*')!
      return { text: `${whole(runsPerSecond)}/s`, met: runsPerSecond >= 20_000 }
    },
  }),
  judge('reference', {
    id: 'reference-memory',
    what: 'resident memory over 1,000,000 runs in one process: the last fifth over the first',
    demanded: '≤ 1.05 ×',
    measure: ({ memory: { runs, resident } }) => {
      const fifth = resident.length / 5
      const ratio = mean(resident.slice(-fifth)) / mean(resident.slice(0, fifth))
      const text = `${ratio.toFixed(2)} × over ${whole(runs)} runs`
      return { text, met: ratio <= 1.05 && runs >= 1_000_000 }
    },
  }),
]

const searched = '1 + 2 invalidations, 1 faults'

const reach: readonly Demand[] = [
  judge('exhaustive', {
    id: 'exhaustive-executions',
    what: `executions a trace class (${searched})`,
    demanded: '≤ 1.1',
    measure: ({ models }) => {
      const { executions, classes, complete } = models.find(({ model }) => model === searched)!
      const text = `${(executions / classes).toFixed(3)} (${whole(executions)} of ${whole(classes)})`
      return { text, met: complete && executions <= 1.1 * classes }
    },
  }),
  judge('exhaustive', {
    id: 'exhaustive-time',
    what: `the same search, complete`,
    demanded: '< 2 s',
    measure: ({ models }) => {
      const { ms, complete } = models.find(({ model }) => model === searched)!
      return { text: milliseconds(ms), met: complete && ms < 2000 }
    },
  }),
  ...(
    [
      ['reclaim', 'reclaim_0'],
      ['oom', 'oom_reap'],
    ] as const
  ).map(([id, operation]) =>
    judge('exhaustive', {
      id: `exhaustive-${id}`,
      what: `the reference: every class of a device fault against ${id === 'oom' ? 'the oom reaper' : id}`,
      demanded: 'complete',
      measure: ({ reference }) => {
        const rows = reference.filter(({ workload }) => workload.endsWith(`/${operation}`))
        const said = rows.map(
          ({ contracts, classes, complete, ms }) =>
            `${code(contracts)}: ${whole(classes)} ${complete ? 'classes' : 'and more'} in ${milliseconds(ms)}`,
        )
        return {
          text: said.join('; '),
          met: rows.length > 0 && rows.every(({ complete }) => complete),
        }
      },
    }),
  ),
  judge('time-to-bug', {
    id: 'portfolio-misses',
    what: "the portfolio misses no mutant behind the documents' diagrams",
    demanded: '0 of 60 campaigns of 5,000 each',
    measure: ({ rows, cap }) => {
      const booted = rows.filter(({ diagram }) => diagram).map(({ portfolio }) => portfolio)
      const missed = sumBy(booted, 'missed')
      const campaigns = min(booted.map((cell) => cell.campaigns)) ?? 0
      const text = `${missed} missed; ${booted.length} mutants, ${campaigns} campaigns of ${whole(cap)} each`
      return { text, met: missed === 0 && campaigns >= 60 && cap <= 5000 }
    },
  }),
  judge('time-to-bug', {
    id: 'portfolio-mean',
    what: 'schedules to bug, the portfolio over the best single strategy: geometric mean',
    demanded: '≤ 2',
    measure: ({ rows, geometricMean }) => {
      const compared = rows.filter(({ ratio }) => ratio !== null).length
      const text = `${figure(geometricMean)} (${compared} of ${rows.length} mutants compared)`
      return { text, met: geometricMean <= 2 }
    },
  }),
  judge('time-to-bug', {
    id: 'portfolio-worst',
    what: 'the same, the worst mutant',
    demanded: '≤ number of strategies',
    measure: ({ worst, strategies }) => ({
      text: `${figure(worst)} (${strategies} strategies)`,
      met: worst <= strategies,
    }),
  }),
]

/** The worst puzzle's share, of the suite's results and of fast-check's. */
function puzzleShare(least: number, of: 'fewestOperations' | 'fewestBoth') {
  return ({ puzzles }: Figures['shrinking']): Measured => {
    const worst = minBy(puzzles, ({ minimiser }) => minimiser[of])!
    const found = min(puzzles.map(({ minimiser }) => minimiser.found))!
    const theirs = min(puzzles.map(({ fastCheck }) => fastCheck[of]))!
    const text = `${percent(worst.minimiser[of])} on the worst of ${puzzles.length}, ${found} seeds each (fast-check alone ${percent(theirs)})`
    return { text, met: worst.minimiser[of] >= least && puzzles.length >= 6 && found >= 100 }
  }
}

/** Of all results of all mutants. */
function mutantShare(least: number, of: 'fewestOperations' | 'fewestBoth') {
  return ({ mutants }: Figures['shrinking']): Measured | null => {
    const results = sumBy(mutants, 'found')
    if (results === 0) return null
    const share = sumBy(mutants, (one) => one[of] * one.found) / results
    const short = mutants.filter((one) => one[of] < 1)
    const text = `${percent(share)} of ${whole(results)} results; all of them for ${mutants.length - short.length} of ${mutants.length} mutants`
    return { text, met: share >= least && mutants.every(({ seeds }) => seeds >= 100) }
  }
}

const answers: readonly Demand[] = [
  judge('shrinking', {
    id: 'shrinking-operations',
    what: 'puzzles: results with the fewest operations that there are',
    demanded: '≥ 99 %, 100 seeds, 6 puzzles',
    measure: puzzleShare(0.99, 'fewestOperations'),
  }),
  judge('shrinking', {
    id: 'shrinking-preemptions',
    what: 'puzzles: with the fewest operations and the fewest preemptions',
    demanded: '≥ 95 %, 100 seeds, 6 puzzles',
    measure: puzzleShare(0.95, 'fewestBoth'),
  }),
  judge('shrinking', {
    id: 'shrinking-mutants-operations',
    what: 'mutants: results with the fewest operations that any seed came to',
    demanded: '≥ 99 %, 100 seeds',
    measure: mutantShare(0.99, 'fewestOperations'),
  }),
  judge('shrinking', {
    id: 'shrinking-mutants-preemptions',
    what: 'mutants: with the fewest operations and the fewest preemptions',
    demanded: '≥ 95 %, 100 seeds',
    measure: mutantShare(0.95, 'fewestBoth'),
  }),
  judge('shrinking', {
    id: 'shrinking-search',
    what: 'mutants: executions of the search, median of each',
    demanded: '< 1,000',
    measure: ({ mutants }) => {
      const found = mutants.filter((one) => one.found > 0)
      const worst = max(found.map(({ evaluations }) => evaluations))
      if (worst === undefined) return null
      const all = sortBy(found.map(({ evaluations }) => evaluations))
      const text = `at most ${whole(worst)}, mostly ${whole(all[all.length >> 1]!)} (${found.length} of ${mutants.length} mutants found)`
      return { text, met: worst < 1000 && found.length === mutants.length }
    },
  }),
  judge('shrinking', {
    id: 'shrinking-distinct',
    what: 'mutants: distinct results of one defect',
    demanded: '≤ 2',
    measure: ({ mutants }) => {
      const counts = countBy(mutants, 'distinct')
      const worst = max(mutants.map(({ distinct }) => distinct))
      if (worst === undefined) return null
      const spread = Object.entries(counts).map(([distinct, count]) => `${distinct}: ${count}`)
      const text = `at most ${worst}, of ${max(mutants.map(({ found }) => found))} seeds (${spread.join(', ')} mutants)`
      return { text, met: worst <= 2 }
    },
  }),
  judge('throughput', {
    id: 'peers-fast-check',
    what: "fast-check on the same model: schedules to the planted bug over the portfolio's",
    demanded: 'measured',
    measure: ({ toBug }) => ({
      text: toBug
        .map(
          ({ size, defect, portfolio, scheduler }) =>
            `${times(scheduler.meanSchedules / portfolio.meanSchedules)} (${size}, ${defect})`,
        )
        .join(', '),
      met: toBug.length > 0,
    }),
  }),
  judge('throughput', {
    id: 'peers-spin',
    what: 'SPIN on the same model: states a second, reduction, time to bug',
    demanded: 'measured',
    measure: ({ spin }) => {
      if (spin === null) return { text: 'not installed', met: false }
      const [reduced, all] = spin.medium
      const bug = spin.smallWithDefect[0]!
      const text = `${whole(reduced!.statesPerSecond)}/s, ${percent(reduced!.states / all!.states)} of the states, ${milliseconds(bug.milliseconds)}`
      return { text, met: true }
    },
  }),
  judge('determinism', {
    id: 'determinism-twice',
    what: 'runs that are taken twice and go another way',
    demanded: '0 in 1,000,000 runs, 1 % of them twice',
    measure: ({ runs, repeated, differing }) => ({
      text: `${differing} in ${whole(runs)} runs, ${whole(repeated)} of them twice`,
      met: differing === 0 && runs >= 1_000_000 && repeated >= runs / 100,
    }),
  }),
  judge('determinism', {
    id: 'determinism-processes',
    what: 'two processes and another Node major: the same bytes',
    demanded: 'the same',
    measure: ({ processes }) => {
      const same = processes.map(
        ({ installed, differs, tokens, replayed }) =>
          installed && differs.length === 0 && replayed === tokens,
      )
      const text = processes.map(
        ({ version, installed }, at) =>
          `Node ${version}: ${installed ? (same[at] ? 'the same' : 'other') : 'not installed'}`,
      )
      const majors = new Set(processes.map(({ version }) => /\d+/.exec(version)![0]))
      return { text: text.join('; '), met: same.every(Boolean) && majors.size > 1 }
    },
  }),
]

const gigabyteLines = 5_000_000

const logs: readonly Demand[] = [
  judge('log-speed', {
    id: 'log-speed',
    what: 'lines of a recorded log judged in a second of processor time',
    demanded: '≥ 100,000/s over 1 GB',
    measure: (figures) => {
      const last = figures.at(-1)!
      const rate = linesPerSecond(last)
      const text = `${whole(rate)}/s over ${whole(last.lines)} lines`
      return { text, met: rate >= 100_000 && last.lines >= gigabyteLines }
    },
  }),
  judge('log-speed', {
    id: 'log-memory',
    what: 'memory over a log, against one of a tenth of its size',
    demanded: '≤ 1.5 × over 1 GB',
    measure: (figures) => {
      const [tenth, all] = figures.slice(-2)
      const ratio = all!.memoryMaxMegabytes / tenth!.memoryMaxMegabytes
      const text = `${times(ratio)}: ${all!.memoryMaxMegabytes} MB against ${tenth!.memoryMaxMegabytes} MB`
      return { text, met: ratio <= 1.5 && all!.lines >= gigabyteLines }
    },
  }),
]

export const demands: readonly Demand[] = [...speed, ...reach, ...answers, ...logs]
