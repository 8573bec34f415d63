import { beginRun, newPulse } from './guard'
import { watch, type Late } from './watch'

const limits = { runMsMax: 10_000, residentMb: 100 }
const mb = 2 ** 20

let memory = 0
let told: Late[] = []
let pulse = newPulse()

function watching(): { stop(): void } {
  return watch(
    pulse,
    limits,
    (why) => told.push(why),
    () => memory * mb,
  )
}

beforeEach(() => {
  jest.useFakeTimers()
  ;[memory, told, pulse] = [50, [], newPulse()]
})
afterEach(() => jest.useRealTimers())

test('a run that does not come back is told of once', () => {
  watching()
  beginRun(pulse, 0)
  jest.advanceTimersByTime(9_000)
  expect(told).toEqual([])
  jest.advanceTimersByTime(3_000)
  expect(told).toEqual(['time'])
  jest.advanceTimersByTime(60_000)
  expect(told).toEqual(['time'])
})

test('runs that come back are not, however many, nor is the time before the first', () => {
  const watched = watching()
  jest.advanceTimersByTime(60_000)
  for (let run = 0; run < 20; run++) {
    beginRun(pulse, run)
    jest.advanceTimersByTime(9_000)
  }
  watched.stop()
  jest.advanceTimersByTime(60_000)
  expect(told).toEqual([])
})

test('the run that is long at it when memory is short is told of', () => {
  watching()
  memory = 200
  for (let run = 0; run < 20; run++) {
    beginRun(pulse, run)
    jest.advanceTimersByTime(500)
  }
  expect(told).toEqual([])
  jest.advanceTimersByTime(2_000)
  expect(told).toEqual(['memory'])
})
