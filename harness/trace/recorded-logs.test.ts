import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { broken, judged, logNames, logText } from './fixtures/logs'
import type { LogVerdict } from './judge-log'
import { asJson, lineOf } from './line'
import { logPage } from './log-page'

const kernels = ['debian', 'private'] as const

async function verdictsOf(kernel: (typeof kernels)[number]): Promise<LogVerdict[]> {
  const verdicts: LogVerdict[] = []
  for (const name of logNames(kernel)) verdicts.push(await judged(name, logText(name), kernel))
  return verdicts
}

test('no contract objects to what real kernels did, and twelve or more were put to the test', async () => {
  const verdicts = [...(await verdictsOf('debian')), ...(await verdictsOf('private'))]
  expect(verdicts.flatMap(broken)).toEqual([])
  expect(verdicts.every(({ lives }) => lives > 0)).toBe(true)
  const tallies = verdicts.flatMap((verdict) => verdict.tallies)
  const heard = tallies.filter(({ unrecorded }) => unrecorded.length === 0)
  // Nothing is missing in these logs, and no verdict hangs on the order of their lines.
  expect(heard.filter(({ holed, doubtful }) => holed + doubtful > 0)).toEqual([])
  const exercised = heard.filter((tally) => tally.exercised > 0)
  expect(new Set(exercised.map(({ contract }) => contract.id)).size).toBeGreaterThanOrEqual(12)
})

test.each(kernels)('docs/traces.md has what check-trace --markdown says of %s', async (kernel) => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'traces.md'), 'utf8')
  expect(page).toContain(logPage(await verdictsOf(kernel)))
})

test('a log as JSON lines is judged as its text is', async () => {
  const name = 'debian.syn.hlist_eagain.ftrace.txt.gz'
  const text = logText(name)
  const lines = text.split('\n').map(lineOf)
  const json = lines.flatMap((line) => (typeof line === 'string' ? [] : [asJson(line)]))
  const fromJson = await judged(name, `${json.join('\n')}\n`)
  const fromText = await judged(name, text)
  const counts = ({ tallies }: LogVerdict) =>
    tallies.map(({ contract, exercised, holed }) => [contract.id, exercised, holed])
  expect(counts(fromJson)).toEqual(counts(fromText))
  expect(fromJson.lives).toBe(fromText.lives)
})
