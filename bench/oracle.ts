/**
 * The oracle of memory: what every read of a CPU and of a device may return, and which frames a mirrored device may use
 * (HMM-20, TLB-03, DRV-09).
 *
 *   node bin/bench.js oracle [--schedules N] [--removals N] [--seed N] [--json]
 *
 * Random runs of the reference with every operation must satisfy it. Whether it sees anything is asked twice: the same
 * workload is run again by the same seed with one notification left out, drawn at random from those that the run sent;
 * and runs of the reference are judged by an oracle that lets a CPU read only what was there before the last write.
 */
import { pull, sum } from 'lodash'
import { perRun } from '../engine/ids'
import { childSeed, random } from '../engine/random'
import { replace, type Patch } from '../engine/symbol'
import { kernelFor } from '../harness/campaign'
import { progressOf } from '../harness/progress'
import { contracts } from '../harness/registry'
import { runWorkload, workloadText } from '../harness/workload'
import { contract, type Contract } from '../spec/contract'
import { areas } from '../spec/facts/areas'
import { contents, historyOf } from '../spec/facts/contents'
import {
  __mmu_notifier_invalidate_range_end,
  __mmu_notifier_invalidate_range_start,
  mmu_notifier_invalidate_range,
} from '../spec/headers/mmu_notifier'
import type { mmu_notifier_range } from '../spec/headers/types'
import { judgeOf } from '../spec/judge'
import { drawn, everyTopic } from './models/drawn'
import { flag, numberOption } from './options'

const oracleIds = ['HMM-20', 'TLB-03', 'DRV-09']
const oracle = contracts.filter(({ id }) => oracleIds.includes(id))

// ---- an oracle that is wrong -----------------------------------------------------------------------------------

const onlyWhatWasThereBefore: Contract = contract({
  id: 'wrong',
  binds: 'mm',
  says: 'a CPU reads what was at an address before the last store',
  cites: [],
  minimum: { exercised: 0, witnesses: 0 },
  uses: { areas, contents },
  on: {
    cpu_access: (_state, { mm, page, write, value }, known, tell) => {
      const history = historyOf(known, mm, page)
      if (write || !history || history.length < 2) return
      tell.exercise('a store came before')
      if (value !== history.at(-2)!.value) tell.object('it reads the last one')
    },
  },
})

// ---- one notification less ---------------------------------------------------------------------------------

/** Notifications of a run, in order: passes, and what is told under the page table lock. */
interface Sent {
  count: number
  /** Passes of which nobody was told. */
  readonly silent: mmu_notifier_range[]
}
const sent = perRun((): Sent => ({ count: 0, silent: [] }))

/** Leaves out notification number `left`, none if there are not so many. A pass that nobody heard begin ends unheard. */
const without = (left: number): Patch[] => [
  replace(__mmu_notifier_invalidate_range_start, function* (range) {
    if (sent().count++ !== left) return yield* __mmu_notifier_invalidate_range_start.original(range)
    sent().silent.push(range)
    return 0
  }),
  replace(__mmu_notifier_invalidate_range_end, function* (range, only_end) {
    if (sent().silent.includes(range)) pull(sent().silent, range)
    else yield* __mmu_notifier_invalidate_range_end.original(range, only_end)
  }),
  replace(mmu_notifier_invalidate_range, function* (mm, start, end) {
    if (sent().count++ !== left) yield* mmu_notifier_invalidate_range.original(mm, start, end)
  }),
]

// ---- measuring ---------------------------------------------------------------------------------------------------

export interface OracleResult {
  readonly schedules: number
  /** Reads and writes that the oracle had something to say of. */
  readonly exercised: number
  /** What it objected to on the reference: nothing, one hopes. */
  readonly wrong: readonly string[]
  readonly removals: number
  /** Runs with a notification less in which the oracle objected, and in which any contract did. */
  readonly caught: number
  readonly caughtByAny: number
  /** Runs in which a CPU read what had been written, and those in which the wrong oracle objected. */
  readonly reading: number
  readonly wrongOracleObjects: number
}

/** `made` is told of every thousand schedules. */
export function oracleOver(
  schedules: number,
  removals: number,
  seed: number,
  made: (schedules: number) => void = () => {},
): OracleResult {
  return { ...judged(schedules, seed, made), ...withOneLess(removals, seed) }
}

function judged(schedules: number, seed: number, made: (schedules: number) => void) {
  const judge = judgeOf([...oracle, onlyWhatWasThereBefore])
  const kernel = kernelFor(judge, [])
  const wrong: string[] = []
  const count = { exercised: 0, reading: 0, wrongOracleObjects: 0 }
  let run = 0
  for (const { workload, choice, learn } of drawn(everyTopic(seed), seed)) {
    if (run === schedules) break
    if (++run % 1000 === 0) made(run)
    const execution = runWorkload(kernel, workload, choice())
    learn(execution)
    const findings = judge.judge(execution.events)
    const stale = findings.at(-1)!
    for (const { objections, witnesses } of findings.slice(0, -1)) {
      count.exercised += sum([...witnesses.values()])
      for (const { contract, says } of objections)
        wrong.push(`${contract}: ${says}, in ${workloadText(workload)}`)
    }
    if (stale.witnesses.size > 0) count.reading++
    if (stale.objections.length > 0) count.wrongOracleObjects++
  }
  return { schedules, ...count, wrong }
}

function withOneLess(removals: number, seed: number) {
  const judge = judgeOf(contracts)
  const whole = kernelFor(judge, without(-1))
  const below = random(seed)
  const count = { removals: 0, caught: 0, caughtByAny: 0 }
  for (const { workload, choice } of drawn(everyTopic(childSeed(seed, 1)), seed)) {
    if (count.removals === removals) break
    runWorkload(whole, workload, choice())
    const notifications = sent().count
    if (notifications === 0) continue
    const left = below(notifications)
    const { events } = runWorkload(kernelFor(judge, without(left)), workload, choice())
    const by = judge
      .judge(events)
      .flatMap(({ objections }) => objections.map((one) => one.contract))
    count.removals++
    if (by.length > 0) count.caughtByAny++
    if (by.some((id) => oracleIds.includes(id))) count.caught++
  }
  return count
}

export function measureOracle(args: readonly string[]): void {
  const schedules = numberOption(args, '--schedules', 100_000)
  const removals = numberOption(args, '--removals', 2_000)
  const bar = progressOf(schedules, 'schedules')
  const result = oracleOver(schedules, removals, numberOption(args, '--seed', 1), () =>
    bar.advance(1000),
  )
  bar.clear()
  console.log(flag(args, '--json') ? JSON.stringify(result, null, 2) : linesOf(result).join('\n'))
  process.exitCode = result.wrong.length > 0 ? 1 : 0
}

function linesOf(result: OracleResult): string[] {
  const { schedules, exercised, wrong, removals, caught, caughtByAny } = result
  return [
    `${schedules} schedules of the reference, ${exercised} accesses judged, ${wrong.length} objections`,
    ...wrong.map((one) => `  ${one}`),
    `${removals} runs with one notification left out: the oracle objects in ${caught}, some contract in ${caughtByAny}`,
    `an oracle that lets a CPU read only what was there before the last write objects in ${result.wrongOracleObjects} of ${result.reading} runs in which one reads what was written`,
  ]
}
