/** Answers that arrive altered: what no program may say is the program's fault, and nothing else suffers. */
import { sumBy } from 'lodash'
import { random } from '../../engine/random'
import { contractsMatching } from '../registry'
import { corruptions } from './fixtures/corruptions'
import { fuzz } from './fixtures/fuzz'
import { workloads } from './fixtures/programs'

const contracts = contractsMatching('HMM-*,LIF-*')
const count = 300

test(`${count} altered answers: no fault of ours, and none that passes for what it is not`, () => {
  const { ends, wrong } = fuzz({ contracts, workloads, count, seed: 1 })
  expect(wrong).toEqual([])
  expect(sumBy([...ends], ([, many]) => many)).toBe(count)
  // Most of what is altered is no answer at all, and ends the run.
  expect(ends.get('no answer: protocol')).toBeGreaterThan(count / 2)
  expect(ends.get('the same: well')).toBeGreaterThan(0)
})

test('every way to alter an answer is told from the answer', () => {
  const said = '{"id":7,"type":"upcall","thread":1,"symbol":"kref_get","args":["kref:1"]}'
  const before = said.replace('7', '6')
  for (const [kind, corruption] of Object.entries(corruptions)) {
    const arrived = corruption(said, random(2), before)
    expect([kind, arrived]).not.toEqual([kind, [said]])
  }
})
