import { progressOf } from './progress'

function stream(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

test('elsewhere than on a terminal a line is written at most every ten seconds', () => {
  let now = 0
  const log = stream(false)
  const progress = progressOf(100, 'schedules', log, () => now)
  for (let done = 0; done < 100; done++) {
    progress.advance(1)
    now += 300
  }
  now += 10_000
  progress.doing('shrinking')
  progress.clear()
  expect(log.written).toEqual([
    '35 of 100 schedules\n',
    '69 of 100 schedules\n',
    '100 of 100 schedules, shrinking\n',
  ])
})

test('on a terminal one line is drawn again and again, and cleared', () => {
  const terminal = stream(true)
  const progress = progressOf(10, 'schedules', terminal)
  progress.advance(5)
  progress.clear()
  expect(terminal.written).toEqual([
    `\r[${'#'.repeat(15)}${'.'.repeat(15)}] 5 of 10 schedules\x1b[K`,
    '\r\x1b[K',
  ])
})
