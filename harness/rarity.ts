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

export class Rarity {
  /** In how many workloads each was seen. */
  private readonly workloadsWith = new Map<string, number>()
  private workloads = 0
  private readonly seenHere = new Set<string>()

  nextWorkload(): void {
    this.workloads++
    this.seenHere.clear()
  }

  /** How many rare things a run was the first of its workload to show. */
  note({ events }: Pick<Execution, 'events'>, findings: readonly Finding[]): number {
    let found = 0
    findings.forEach(({ witnesses }, i) => {
      for (const witness of witnesses.keys()) if (this.isRare(`${i} ${witness}`)) found++
    })
    for (const event of events) if (isRefusal(event) && this.isRare(answer(event))) found++
    return found
  }

  /** Whether this is rare, and new in this workload. */
  private isRare(what: string): boolean {
    if (this.seenHere.has(what)) return false
    this.seenHere.add(what)
    const before = this.workloadsWith.get(what) ?? 0
    this.workloadsWith.set(what, before + 1)
    return this.workloads > rareBelow && before * rareBelow < this.workloads
  }
}

const answer = ({ symbol, name, result }: Event): string =>
  `${symbol} ${name as string} ${result as number}`

function isRefusal({ phase, result }: Event): boolean {
  return phase === 'return' && (result === false || (typeof result === 'number' && result <= 0))
}
