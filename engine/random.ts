/** A small seeded generator (splitmix32), so that a run depends on its seed and on nothing else. */

/** The next integer in [0, bound). */
export type Random = (bound: number) => number

export function random(seed: number): Random {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    mixed ^= mixed >>> 15
    return Math.floor(((mixed >>> 0) / 0x100000000) * bound)
  }
}

/** A seed for the n-th of many runs, unlike its neighbours. */
export function childSeed(seed: number, n: number): number {
  return (Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) + Math.imul(n + 1, 0x85ebca6b)) >>> 0
}
