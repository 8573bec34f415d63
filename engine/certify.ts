/**
 * The certificate of a minimal case: every schedule of it with fewer preemptions passes, and so does every
 * case with an operation less. Cases that are simpler in another way are exhausted too, as far as the budget
 * goes. What fails on the way is better than what was to be certified.
 */
import type { Attempts } from './attempts'
import { operationsOf, placements, without, type Case } from './case'
import { costOf, isLower, type Best } from './cost'
import type { MinimiseOptions } from './minimise'

export interface Certificate {
  /** The same case, on its first failing schedule by preemptions. */
  readonly best: Best
  /** Something of lower cost that fails: what was to be certified is not minimal. */
  readonly better: Best | null
  /** Whether everything that it claims was exhausted within the budget. */
  readonly certified: boolean
  /** Schedules that the claim rests on. */
  readonly schedules: number
}

interface Neighbour {
  readonly candidate: Case
  /** Preemptions up to which its schedules are exhausted. */
  readonly bound: number
  /** Whether the certificate says that it passes. */
  readonly claimed?: boolean
}

/** Cases of so few operations are tried in every placement. */
const smallCase = 3
/** Up to so many operations, every pair of them is dropped. */
const pairsOperations = 6
/** Preemptions that saving an operation is worth. */
const spare = 2
/** Schedules of a neighbour that the certificate does not speak of. */
const perNeighbour = 4_000

export class Certifier {
  constructor(
    private readonly proof: Attempts,
    private readonly options: MinimiseOptions,
  ) {}

  certify(start: Best): Certificate {
    const first = this.proof.firstFailing(start.case, start.execution.preemptions)
    let schedules = first.executions
    if (!first.found) return { best: start, better: null, certified: false, schedules }
    const best = { case: start.case, execution: first.found }
    let certified = true
    for (const { candidate, bound, claimed } of this.neighbours(best)) {
      const cap = claimed ? Infinity : perNeighbour
      const { found, complete, executions } = this.proof.firstFailing(candidate, bound, cap)
      const better = found && { case: candidate, execution: found }
      if (better && this.isLower(better, best)) return { best, better, certified: false, schedules }
      if (!claimed) continue
      schedules += executions
      certified &&= complete
    }
    return { best, better: null, certified, schedules }
  }

  private *neighbours(best: Best): Generator<Neighbour> {
    const { preemptions } = best.execution
    const rests = operationsOf(best.case).map((dropped) => without(best.case, [dropped]))
    for (const candidate of rests) yield { candidate, bound: preemptions, claimed: true }
    if (rests.length <= smallCase + 1) yield* this.noLarger(best, placed(best.case))
    yield* this.noLarger(best, this.options.simpler?.(best.case) ?? [])
    if (rests.length <= pairsOperations)
      for (const candidate of inPlaceOfAnother(best.case))
        yield { candidate, bound: Math.min(spare, preemptions) }
    const rearranged = rests.length <= smallCase + 2 ? rests.flatMap(placed) : []
    for (const candidate of rearranged) yield { candidate, bound: Math.min(preemptions, spare) }
    const spared = Math.max(spare, preemptions)
    for (const candidate of rests) yield { candidate, bound: spared }
    if (rests.length > smallCase + 1) yield* this.twoLess(best.case, spared)
    else for (const candidate of rearranged) yield { candidate, bound: spared }
  }

  /** Cases without two operations that only together are not needed. */
  private *twoLess(whole: Case, bound: number): Generator<Neighbour> {
    const all = operationsOf(whole)
    if (all.length > pairsOperations) return
    for (const [i, first] of all.entries())
      for (const second of all.slice(i + 1))
        yield { candidate: without(whole, [first, second]), bound }
  }

  /** As many preemptions are as good where the rest is simpler; else there must be fewer. */
  private *noLarger(best: Best, candidates: Iterable<Case>): Generator<Neighbour> {
    const { execution } = best
    const operations = operationsOf(best.case).length
    for (const candidate of candidates) {
      if (operationsOf(candidate).length < operations) {
        yield { candidate, bound: Math.max(spare, execution.preemptions) }
        continue
      }
      const isSimpler = this.isLower({ case: candidate, execution }, best)
      const bound = isSimpler ? execution.preemptions : execution.preemptions - 1
      if (bound >= 0) yield { candidate, bound }
    }
  }

  private isLower(a: Best, b: Best): boolean {
    const { rank } = this.options
    return isLower(costOf(a, rank), costOf(b, rank))
  }
}

/** The cases in which an operation is gone and another stands in its place. */
function inPlaceOfAnother(whole: Case): Case[] {
  const all = operationsOf(whole)
  return all.flatMap((gone) =>
    all
      .filter((moved) => moved !== gone)
      .map((moved) => {
        const { tasks } = whole
        const text = tasks[moved.task]!.ops[moved.op]!
        const ops = tasks[gone.task]!.ops.with(gone.op, text)
        const replaced = { ...whole, tasks: tasks.with(gone.task, { ...tasks[gone.task]!, ops }) }
        return without(replaced, [moved])
      }),
  )
}

/** The operations of a case given to tasks in every way. */
function placed({ world, tasks }: Case): Case[] {
  const ways = placements(tasks.flatMap(({ ops }) => ops))
  return ways.map((way) => ({
    world,
    tasks: way.map((ops, i) => ({ name: tasks[i]?.name ?? `cpu${i}`, ops })),
  }))
}
