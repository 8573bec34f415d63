/**
 * What few workloads of a campaign show: what a contract was put to the test by, and calls that were refused.
 *
 * Counted by workload, not by run: what a workload shows once it often shows again.
 */
import type { Event } from '../engine/events'
import type { Execution } from '../engine/run'
import type { Finding } from '../spec/judge'

/** Rare is what fewer than one workload in so many shows; before there were as many nothing is. */
const rareBelow = 50

/** How many workloads showed something, and the last one that did. */
interface Shown {
  workloads: number
  last: number
}

export class Rarity {
  private workload = 0
  /** By contract, what it was put to the test by. */
  private readonly witnesses: Map<string, Shown>[] = []
  private readonly refusals = new Map<string, Shown>()

  /** What contracts are put to the test by counts for those that concern the campaign's workloads. */
  constructor(private readonly concerns: (contract: number) => boolean = () => true) {}

  nextWorkload(): void {
    this.workload++
  }

  /** How many rare things a run was the first of its workload to show. */
  note({ events }: Pick<Execution, 'events'>, findings: readonly Finding[]): number {
    let found = 0
    for (let i = 0; i < findings.length; i++) {
      const { witnesses } = findings[i]!
      if (witnesses.size === 0 || !this.concerns(i)) continue
      const shown = (this.witnesses[i] ??= new Map())
      for (const witness of witnesses.keys()) if (this.isRare(shown, witness)) found++
    }
    for (const event of events)
      if (isRefusal(event) && this.isRare(this.refusals, answer(event))) found++
    return found
  }

  /** Whether this is rare, and new in this workload. */
  private isRare(shown: Map<string, Shown>, what: string): boolean {
    const known = shown.get(what)
    if (known?.last === this.workload) return false
    const before = known?.workloads ?? 0
    if (known) {
      known.workloads++
      known.last = this.workload
    } else shown.set(what, { workloads: 1, last: this.workload })
    return this.workload > rareBelow && before * rareBelow < this.workload
  }
}

const answer = ({ symbol, name, result }: Event): string =>
  `${symbol} ${name as string} ${result as number}`

function isRefusal({ phase, result }: Event): boolean {
  return phase === 'return' && (result === false || (typeof result === 'number' && result <= 0))
}
