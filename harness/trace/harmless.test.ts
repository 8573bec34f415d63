/** Edits that keep the rules raise nothing. */
import { random as randomOf } from '../../engine/random'
import { size } from '../fixtures/size'
import { harmlessEdits } from './fixtures/harmless'
import { broken, judged, logNames, logText } from './fixtures/logs'

const edits = size(200, 1_000)
const kernels = ['debian', 'private'] as const

test('no contract objects to a log after edits that keep every rule', async () => {
  const logs = kernels.flatMap((kernel) =>
    logNames(kernel).map((name) => ({ kernel, name, lines: logText(name).trimEnd().split('\n') })),
  )
  const random = randomOf(7)
  const kinds = Object.entries(harmlessEdits)
  const changed = new Map<string, number>()
  for (let round = 0; round < edits; round++) {
    const [kind, edit] = kinds[random(kinds.length)]!
    let log = logs[random(logs.length)]!
    let text = ''
    // An edit may find nothing to do in a log.
    for (;;) {
      const edited = edit(log.lines, random)
      text = `${edited.join('\n')}\n`
      if (text !== `${log.lines.join('\n')}\n`) break
      log = logs[random(logs.length)]!
    }
    changed.set(kind, (changed.get(kind) ?? 0) + 1)
    const verdict = await judged(log.name, text, log.kernel)
    expect({ kind, name: log.name, round, broken: broken(verdict) }).toMatchObject({ broken: [] })
  }
  // Each kind gets one in six.
  expect(changed.size).toBe(kinds.length)
  expect(Math.min(...changed.values())).toBeGreaterThan(edits / 20)
}, 600_000)
