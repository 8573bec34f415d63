/** What the model of memory is asked, on few runs. */
import { runsOf } from './drivers'
import { oracleOver } from './oracle'

const schedules = 400
const removals = 60

test('the model of memory has nothing against the reference, and a wrong one has', () => {
  const result = oracleOver(schedules, removals, 1)
  expect(result.wrong).toEqual([])
  expect(result.exercised).toBeGreaterThan(0)
  expect(result.reading).toBeGreaterThan(0)
  expect(result.wrongOracleObjects).toBe(result.reading)
  expect(result.removals).toBe(removals)
  // A pass or a flush that is missing is seen by some contract wherever anybody is there to be told.
  expect(result.caughtByAny).toBeGreaterThan(0)
})

test('a driver by itself runs in every topic that has worlds with it', () => {
  const { topics, wrong, says, ...result } = runsOf('dmem', schedules / 4, 1)
  expect(topics).toEqual(['devices'])
  expect(result.schedules).toBe(schedules / 4)
  expect([wrong, says]).toEqual([0, []])
})
