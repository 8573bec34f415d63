/**
 * The certificate of a minimal case: every schedule of it with fewer preemptions passes, and so does every
 * case with an operation less. Cases that are simpler in another way are exhausted too, as far as the budget
 * goes. What fails on the way is better than what was to be certified.
 */
import { range, sum } from 'lodash'
import type { Attempts, Exhausted } from './attempts'
import { normal, operationsOf, placements, without, type Case } from './case'
import { costOf, isLower, type Best, type Simplicity } from './cost'

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
  /** Preemptions up to which a schedule of it would be better. */
  readonly bound: number
}

/** What the schedules of a case were found to do, and whether the first that fails is better. */
type Look = Pick<Exhausted, 'complete' | 'executions'> & { readonly better: Best | null }

/** Cases of so few operations are tried in every placement. */
const smallCase = 4
/** Up to so many operations, every pair of them is dropped. */
const pairsOperations = 6
/** Preemptions that saving an operation is worth. */
const spare = 2
/** Schedules of the case itself to look at. */
const ownSchedules = 15_000
/** Alternatives of so few operations are rearranged, too. */
const fewOperations = 2
/** Schedules of an alternative to look at. */
const schedulesAside = 5
/** Schedules of a neighbour to look at: first those with a preemption at most, then those with more. */
const looks = [
  { preemptions: 1, schedules: 200 },
  { preemptions: Infinity, schedules: 400 },
]

export class Certifier {
  constructor(
    private readonly proof: Attempts,
    /** For what no claim rests on. */
    private readonly aside: Attempts,
    private readonly simplicity: Simplicity,
  ) {}

  certify(start: Best): Certificate {
    const { best, found, schedules } = this.own(start)
    const refused = { best, certified: false, schedules }
    const seen = this.betterNeighbour(best) ?? this.betterAlternative(best)
    if (seen || !found) return { ...refused, better: seen }
    let claims: Look[] = []
    for (const bound of range(best.execution.preemptions + 1)) {
      claims = this.rests(best).map((rest) => this.look(best, rest, bound))
      const better = claims.find((claim) => claim.better)?.better
      if (better) return { ...refused, better }
    }
    return {
      ...{ best, better: null, certified: claims.every(({ complete }) => complete) },
      schedules: schedules + sum(claims.map(({ executions }) => executions)),
    }
  }

  /** The same case on its first failing schedule by preemptions: without its idle tasks, if it fails without. */
  private own(start: Best) {
    const first = (of: Case) => {
      const { preemptions } = start.execution
      const { found, executions } = this.proof.firstFailing(of, preemptions, ownSchedules)
      return { best: found ? { case: of, execution: found } : start, found, schedules: executions }
    }
    const tidied = first(normal(start.case))
    return tidied.found ? tidied : first(start.case)
  }

  /** The cases with an operation less. */
  private rests({ case: of }: Best): Case[] {
    return operationsOf(of).map((dropped) => normal(without(of, [dropped])))
  }

  private betterNeighbour(best: Best): Best | null {
    for (const [depth, { preemptions, schedules }] of looks.entries())
      for (const { candidate, bound } of this.neighbours(best)) {
        if (bound <= (looks[depth - 1]?.preemptions ?? -1)) continue
        const { better } = this.look(best, candidate, Math.min(bound, preemptions), schedules)
        if (better) return better
      }
    return null
  }

  /** Looks briefly at very many cases. */
  private betterAlternative(best: Best): Best | null {
    const { alternatives = () => [] } = this.simplicity
    for (const alternative of alternatives(best.case))
      for (const { candidate, bound } of this.noLarger(best, placedIfFew(alternative))) {
        if (this.aside.spent) return null
        const { better } = this.look(best, candidate, bound, schedulesAside, this.aside)
        if (better) return better
      }
    return null
  }

  /** Searches a case within a bound: whether it fails at a lower cost, and whether it is known. */
  private look(best: Best, candidate: Case, bound: number, cap?: number, by = this.proof): Look {
    const tried = normal(candidate)
    const { found, ...exhausted } = by.firstFailing(tried, bound, cap)
    const failing = found && { case: tried, execution: found }
    return { ...exhausted, better: failing && this.isLower(failing, best) ? failing : null }
  }

  private *neighbours(best: Best): Generator<Neighbour> {
    const { preemptions } = best.execution
    const spared = Math.max(spare, preemptions)
    const rests = this.rests(best)
    for (const candidate of rests) yield { candidate, bound: spared }
    if (rests.length <= smallCase) yield* this.noLarger(best, placed(best.case))
    yield* this.noLarger(best, this.simplicity.simpler?.(best.case) ?? [])
    if (rests.length <= pairsOperations)
      for (const candidate of inPlaceOfAnother(best.case))
        yield { candidate, bound: Math.min(spare, preemptions) }
    const rearranged = rests.length <= smallCase + 1 ? rests.flatMap(placed) : []
    const few = rests.length <= smallCase ? spared : Math.min(spare, preemptions)
    for (const candidate of rearranged) yield { candidate, bound: few }
    if (rests.length > smallCase) yield* this.twoLess(best.case, spared)
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
      const isSimpler = this.isLower({ case: normal(candidate), execution }, best)
      const bound = isSimpler ? execution.preemptions : execution.preemptions - 1
      if (bound >= 0) yield { candidate, bound }
    }
  }

  private isLower(a: Best, b: Best): boolean {
    const { rank } = this.simplicity
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

function placedIfFew(whole: Case): Case[] {
  return operationsOf(whole).length <= fewOperations ? placed(whole) : [whole]
}
