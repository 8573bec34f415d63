/** Corrupted logs: whatever is done to the bytes, a verdict comes back. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { random as randomOf, type Random } from '../../engine/random'
import { UsageError } from '../../engine/errors'
import { contracts } from '../registry'
import { size } from '../fixtures/size'
import { newFolder } from '../fixtures/started'
import { judged, logNames, logText } from './fixtures/logs'
import { fileSource, judgeLog } from './judge-log'

const corrupted = size(1_000, 10_000)
const linesOfOne = 40

type Corruption = (text: string, random: Random) => string

const at = (text: string, random: Random) => random(text.length + 1)

const corruptions: Readonly<Record<string, Corruption>> = {
  'bytes are others': (text, random) => {
    const bytes = Buffer.from(text, 'latin1')
    for (let left = 1 + random(40); left > 0; left--) bytes[random(bytes.length)] = random(256)
    return bytes.toString('latin1')
  },
  'lines are cut': (text, random) =>
    text
      .split('\n')
      .map((line) => (random(8) === 0 ? line.slice(0, random(line.length + 1)) : line))
      .join('\n'),
  'line ends are missing': (text, random) =>
    text.replace(/\n/g, () => (random(10) === 0 ? '' : '\n')),
  'lines are in any order': (text, random) =>
    text
      .split('\n')
      .map((line) => ({ line, key: random(1_000_000) }))
      .sort((one, other) => one.key - other.key)
      .map(({ line }) => line)
      .join('\n'),
  'lines are missing, or there twice': (text, random) =>
    text
      .split('\n')
      .flatMap((line) => (random(6) > 0 ? [line] : random(2) ? [] : [line, line]))
      .join('\n'),
  'numbers are others': (text, random) =>
    text.replace(/=(?:0x)?[0-9a-f]+/g, (number) =>
      random(20) > 0 ? number : `=${['-1', '0x', '9'.repeat(40), '', '0x0', 'x'][random(6)]}`,
    ),
  'a part is said again and again': (text, random) => {
    const from = at(text, random)
    return text.slice(0, from) + text.slice(from, from + random(200)).repeat(random(200))
  },
  'it is cut': (text, random) => text.slice(at(text, random), at(text, random)),
  'it is noise': (_text, random) =>
    Buffer.from(Array.from({ length: random(4_000) }, () => random(256))).toString('latin1'),
}

test('corrupted logs: a verdict on each', async () => {
  const logs = [...logNames('debian'), ...logNames('private')].map((name) =>
    logText(name).split('\n'),
  )
  const kinds = Object.values(corruptions)
  const random = randomOf(11)
  let lives = 0
  for (let round = 0; round < corrupted; round++) {
    const lines = logs[random(logs.length)]!
    const from = random(Math.max(1, lines.length - linesOfOne))
    const begins = lines.findIndex((line) => line.includes('subs=0x0') && line.includes('register'))
    const text = [lines[begins]!, ...lines.slice(from, from + linesOfOne)].join('\n')
    const verdict = await judged(
      'corrupted',
      kinds[round % kinds.length]!(text, random),
      'debian',
      {
        orders: 2,
      },
    )
    lives += verdict.lives
  }
  // Most of them are still logs.
  expect(lives).toBeGreaterThan(corrupted / 2)
}, 600_000)

test('compressed files that are cut or damaged are judged up to there, or refused', async () => {
  const folder = newFolder()
  const whole = gzipSync(logText('debian.syn.hlist_eagain.ftrace.txt.gz'))
  const random = randomOf(13)
  const judging = {
    contracts,
    generation: 'mmu_interval_notifier',
    declared: new Set<string>(),
  } as const
  for (let round = 0; round < 100; round++) {
    const bytes = Buffer.from(whole.subarray(0, 2 + random(whole.length)))
    if (round % 2 === 0 && bytes.length > 3) bytes[3 + random(bytes.length - 3)] = random(256)
    const file = join(folder, `damaged-${round}.gz`)
    writeFileSync(file, bytes)
    const outcome = await judgeLog(fileSource(file), judging).catch((error: unknown) => error)
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UsageError)
  }
}, 600_000)
