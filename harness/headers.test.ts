import { isEqual, without } from 'lodash'
import type { Slot } from '../engine/observed-call'
import { declaredSymbols } from '../engine/symbol'
import { stickyWalk } from '../engine/strategies/sticky'
import { sampleWorkloads } from './arbitrary'
import { kernelObservingAll } from './campaign'
import { topicNames } from './topics/topics'
import { runWorkload } from './workload'

const workloads = 300

/** The engine makes a symbol's events by what it showed first (engine/makers.ts). */
test('a symbol shows the same ids at every call, in the same order', () => {
  const shown = new Map<string, readonly string[]>()
  const differing = new Set<string>()
  const before = declaredSymbols().map((slot) => [slot, slot.ids!] as const)
  for (const [slot, ids] of before) {
    const listening: Slot['ids'] = (...args) => {
      const event = ids(...args)
      const keys = Object.keys(event)
      if (!shown.has(slot.name)) shown.set(slot.name, keys)
      else if (!isEqual(shown.get(slot.name), keys)) differing.add(slot.name)
      return event
    }
    Object.assign(slot, { ids: listening })
  }
  try {
    const kernel = kernelObservingAll([])
    const others = without(topicNames, 'kernel').flatMap((topic) => sampleWorkloads(1, 20, topic))
    const sampled = [...sampleWorkloads(1, workloads), ...others]
    for (const [n, workload] of sampled.entries()) runWorkload(kernel, workload, stickyWalk(n))
  } finally {
    for (const [slot, ids] of before) Object.assign(slot, { ids })
  }
  expect([...differing]).toEqual([])
  expect(shown.size).toBeGreaterThan(0.9 * declaredSymbols().length)
})
