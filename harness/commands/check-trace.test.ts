import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Ajv from 'ajv'
import { main } from '../cli'
import { newFolder } from '../fixtures/started'
import { logText, tracesFolder } from '../trace/fixtures/logs'
import type { LogReport } from '../trace/log-report'

const name = 'debian.syn.hlist_eagain.ftrace.txt.gz'
const log = join(tracesFolder, name)
const probes = join(tracesFolder, 'debian.probes.txt')
const folder = newFolder()

async function call(...args: string[]) {
  let printed = ''
  const add = (...parts: unknown[]) => void (printed += `${parts.join(' ')}\n`)
  const spies = (['log', 'error'] as const).map((way) =>
    jest.spyOn(console, way).mockImplementation(add),
  )
  try {
    return { status: await main(['check-trace', ...args]), printed }
  } finally {
    spies.forEach((spy) => spy.mockRestore())
  }
}

function written(file: string, content: string | Buffer): string {
  const path = join(folder, file)
  writeFileSync(path, content)
  return path
}

const schema = join(__dirname, '..', '..', 'docs', 'schemas', 'check-trace.schema.json')
const isValid = new Ajv({ keywords: ['volatile'] }).compile(
  JSON.parse(readFileSync(schema, 'utf8')) as object,
)

test('a log of a real kernel is fine; --json follows its schema', async () => {
  const { status, printed } = await call(log, '--json', '--recorded', probes)
  expect(isValid(JSON.parse(printed))).toBe(true)
  expect(status).toBe(0)
})

test('a broken rule is exit code 1, with the lines that show it', async () => {
  const edited = logText(name).replace(/(syn_pair_start_ret: .*ret=)0/, '$1-11')
  const number = edited.split('\n').findIndex((line) => line.includes('ret=-11')) + 1
  const { status, printed } = await call(written('edited.txt', edited), '--json')
  const report = JSON.parse(printed) as LogReport
  expect(isValid(report)).toBe(true)
  const found = report.contracts.find(({ id }) => id === 'BLK-01')
  expect(found?.verdict).toBe('FAIL')
  expect(found?.counterexample?.lines).toContain(number)
  expect(found?.counterexample?.text).toContain(`\n${number} syn-`)
  expect(status).toBe(1)
})

test('a log with a gap, or that is cut, is judged in part and says so', async () => {
  const lines = logText(name).split('\n')
  lines.splice(90, 0, 'CPU:1 [LOST 12 EVENTS]')
  const lost = await call(written('lost.txt', lines.join('\n')))
  expect(lost).toMatchObject({ status: 2, printed: expect.stringContaining('lost at line 91') })
  const whole = gzipSync(logText(name))
  const cut = await call(written('cut.gz', whole.subarray(0, whole.length - 200)))
  expect(cut).toMatchObject({ status: 2, printed: expect.stringContaining('ends within a line') })
  const overwritten = logText(name).replace('written: 767/767', 'written: 767/1900')
  const part = await call(written('overwritten.txt', overwritten))
  expect(part).toMatchObject({ status: 2, printed: expect.stringContaining('overwritten') })
})

test('a log without a first notifier in it has nothing to judge: exit code 4', async () => {
  for (const text of ['', '# tracer: nop\n'])
    expect(await call(written('empty.txt', text))).toMatchObject({
      status: 4,
      printed: expect.stringContaining('nothing to judge'),
    })
})

test.each([
  [['no-such-file.txt'], 'there is no log "no-such-file.txt"'],
  [[__dirname], 'check-trace takes files'],
  [[schema], 'is no log'],
  [[log, '--kernel', 'six'], '--kernel takes a version such as 6.1'],
  [[log, '--recorded', 'a;b'], '--recorded takes names of probes'],
  [[log, '--contracts', 'XYZ-*'], 'no contract is called "XYZ-*"'],
  [[log, '--jsn'], "unknown option '--jsn'"],
  [[], "missing required argument 'files'"],
])('%j is refused in one sentence with exit code 64', async (args, says) => {
  const { status, printed } = await call(...args)
  expect(printed).toContain(says)
  expect(printed.trimEnd()).not.toContain('\n')
  expect(status).toBe(64)
})
