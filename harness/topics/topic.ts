/** What the workloads of a campaign are about: their worlds, and what is done in them. */
import fc from 'fast-check'
import type { Area, World } from '../world'

export interface Topic {
  /** Which contracts are put to the test here: areas, and ids where an area is spread. */
  readonly contracts: readonly string[]
  readonly world: fc.Arbitrary<World>
  /** Operations, and how often each is generated, relative to the others: nothing else happens in these worlds. */
  readonly weights: Readonly<Record<string, number>>
  /** How many of a campaign's schedules are about it, as against the other topics. */
  readonly share: number
}

export function area(pagesMax: number, pagesMin = 1): fc.Arbitrary<Area> {
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
    .map(({ pages, unmapped, shared, file }): Area => ({
      pages,
      mapped: Math.max(0, pages - unmapped),
      shared,
      backing: file ? 'file' : 'anonymous',
    }))
}
