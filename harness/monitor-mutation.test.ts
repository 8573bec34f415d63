import type { Event } from '../engine/events'
import { judgeChanges } from './monitor-mutation'
import { switchedContracts } from './monitor-source'

const blockable = () => switchedContracts('blockable/blk-01-no-failure-when-blockable.ts')

/** A notifier's answer to a pass that may block. */
const answer = (result: number) =>
  ({
    symbol: 'mmu_notifier_ops.invalidate_range_start',
    ...{ phase: 'return', at: 0, task: 1, mn: 'mn:1', pass: 'pass:1', blockable: true, result },
  }) as unknown as Event

test('every handler and every comparison of a contract is a change, at its line', () => {
  const { changes } = blockable()
  expect(changes.map(({ kind, line, text }) => `${line} ${kind}: ${text}`).sort()).toEqual([
    '11 handler removed: BLK-01: sync_cpu_device_pagetables.return',
    '13 comparison inverted: result !== 0',
    '16 handler removed: BLK-01: invalidate_range_start.return',
    '18 comparison inverted: result !== 0',
  ])
  for (const { contracts } of changes) expect(contracts).toEqual(['BLK-01'])
})

test('a change that a log shows is told apart from one that no log does', () => {
  const { tried, noticed, survivors } = judgeChanges(blockable(), [[answer(0)]])
  expect({ tried, noticed }).toEqual({ tried: 4, noticed: 2 })
  expect(survivors.map(({ line, reached }) => ({ line, reached }))).toEqual([
    { line: 13, reached: 0 },
    { line: 11, reached: 0 },
  ])
})

test('where a log passes by and shows nothing, a change survives though its place is reached', () => {
  const silent = { ...answer(0), blockable: false } as Event
  const { noticed, survivors } = judgeChanges(blockable(), [[silent]])
  expect(noticed).toBe(0)
  expect(survivors.map(({ line, reached }) => ({ line, reached }))).toContainEqual({
    line: 16,
    reached: 1,
  })
})

test('a change of a fact can be noticed by the contracts that use it', () => {
  const { contracts, changes } = switchedContracts('mmu-notifier/mmn-03-balanced-start-end.ts')
  const ofPasses = changes.filter(({ file }) => file.endsWith('facts/passes.ts'))
  expect(contracts.map(({ id }) => id)).toEqual(['MMN-03'])
  expect(ofPasses.length).toBeGreaterThan(0)
  for (const change of ofPasses) expect(change.contracts).toEqual(['MMN-03'])
})
