/** What is wrong in runs is seen, of each kind, and nothing is wrong of the reference. */
import { replace, type Patch } from '../../engine/symbol'
import { mutant } from '../../harness/registry'
import { swap_free } from '../../reference/mm/swap'
import { mmget_not_zero } from '../../spec/headers/mm'
import { everyTopic } from './drawn'
import { wrongAmong, wrongText } from './wrong'

const schedules = 800
const wrongOf = (patches: readonly Patch[]) =>
  wrongAmong(everyTopic(1), patches, { schedules, seed: 1 })

test('nothing is wrong of the reference', () => {
  expect(wrongOf([])).toEqual({ schedules, repeated: 8, wrong: 0, says: [] })
})

test('a run that goes another way when it is taken again is seen', () => {
  let calls = 0
  const refusesAtTimes = replace(mmget_not_zero, function* (mm) {
    return calls++ % 3 === 0 ? false : yield* mmget_not_zero.original(mm)
  })
  expect(wrongOf([refusesAtTimes]).says).toContainEqual(expect.stringContaining('taken again'))
})

test('what contracts object to, memory that is never free, and how runs end are seen', () => {
  const leaks = wrongOf([replace(swap_free, function* () {})])
  expect(leaks.wrong).toBeGreaterThan(0)
  expect(leaks.says).toContainEqual(expect.stringContaining('a swap slot has'))
  const objected = wrongOf(mutant('start-forgets-blockable').patches)
  expect(objected.says).toContainEqual(expect.stringMatching(/^MMN-04: /))
  const stuck = wrongOf(mutant('no-undo').patches)
  expect(stuck.says).toContainEqual(expect.stringContaining('deadlock'))
  expect(wrongText('stuck', stuck)).toMatch(
    /^stuck: 800 schedules, 8 of them taken twice, something wrong in \d+\n {2}/,
  )
})
