import { causesOf } from './causes'
import type { Counterexample } from './counterexample'

describe('what counterexamples have in common', () => {
  const found = (contract: string, operations: number, ...others: string[]) =>
    ({
      ...{ contract, operations, preemptions: 1, token: `${operations} of ${contract}` },
      breaks: [contract, ...others].map((id) => ({ contract: id, verdict: [] })),
    }) as unknown as Counterexample

  test('contracts that object to a third in their runs are of one cause, the simplest run first', () => {
    const [a, b, c] = [found('A', 3, 'C'), found('B', 2, 'C'), found('C', 4)]
    expect(causesOf([a, b, c])).toEqual([{ contracts: ['A', 'B', 'C'], runs: [b, a, c] }])
  })

  test('a run that several share is one, told as the contract that was searched for', () => {
    const b = found('B', 2, 'A')
    const a = { ...b, contract: 'A' }
    expect(causesOf([a, b])).toEqual([{ contracts: ['A', 'B'], runs: [b] }])
  })

  test('what no run has in common stays apart, in the order of the contracts', () => {
    const all = [found('A', 3, 'C'), found('B', 1), found('C', 2)]
    expect(causesOf(all).map(({ contracts }) => contracts)).toEqual([['A', 'C'], ['B']])
  })
})
