/** docs/protocol.md says what happens: its transcript is what the program answers, and its lines fit the schema. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../engine/errors'
import { sample } from './fixtures/programs'
import { lineOf, replyOf, type Reply } from './messages'
import { services, interruptible } from './services'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'protocol.md'), 'utf8')
const transcript = page.split('## A transcript')[1]!.split('```')[1]!.trim().split('\n')
const lines = (side: string) =>
  transcript.filter((line) => line.startsWith(side)).map((line) => line.slice(2))

test('the transcript is what the program answers', () => {
  const [file, ...args] = sample('range-valid.js').command
  const input = `${lines('>').join('\n')}\n`
  const said = execFileSync(file!, args, { input, encoding: 'utf8' })
  expect(said.trimEnd().split('\n')).toEqual(lines('<'))
})

test('its lines fit the schema in both directions', () => {
  for (const line of lines('>')) {
    const { id, ...request } = JSON.parse(line) as { id: number }
    expect(lineOf(id, request as never)).toBe(line)
  }
  for (const line of lines('<')) {
    const { id, type } = JSON.parse(line) as Reply
    expect(replyOf(line, id, [type])).toEqual(JSON.parse(line))
  }
})

test('a line of ours that does not fit is our own fault', () => {
  expect(() => lineOf(0, { type: 'result', thread: 1, value: 2 ** 40 })).toThrow(EngineError)
})

test('the page has every service', () => {
  const names = [...Object.keys(services), ...Object.keys(interruptible)]
  expect(names.filter((name) => !new RegExp(`\`${name}[\` ]`).test(page))).toEqual([])
})
