/** docs/write-an-adapter.md, done as it says: its code is put together, its commands run, and their output compared. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sessionsOf, stepsOf, terminalIn, withoutVolatile } from '../fixtures/page-sessions'
import { newFolder } from '../fixtures/started'

const steps = stepsOf('write-an-adapter.md')

const codeOf = (step: string): string[] =>
  [...step.matchAll(/^```python\n([^]*?)^```/gm)].map(([, code]) => code!)

/** What stands at the left edge, with two empty lines between; by the name that it defines. */
function definitionsOf(code: string): Map<string, string> {
  const texts = code.trim().split('\n\n\n')
  return new Map(texts.map((text) => [/^(?:def |class )?[\w ]+/.exec(text)![0], text]))
}

/** As the page says: what has a name that is there takes its place, the rest goes above the loop. */
function withCode(program: string, code: string): string {
  if (program === '') return code
  const [before, added] = [definitionsOf(program), definitionsOf(code)]
  const texts = [...before].map(([name, text]) => added.get(name) ?? text)
  const fresh = [...added].filter(([name]) => !before.has(name)).map(([, text]) => text)
  const loop = texts.pop()!
  return `${[...texts, ...fresh, loop].join('\n\n\n')}\n`
}

const folder = newFolder()
let program = ''
const shown = terminalIn(folder)

/** The exit code of each command, in the order of the page. */
const statuses: Readonly<Record<string, readonly number[]>> = {
  '1. Answer hello': [0],
  '2. Claim a symbol, and answer a call': [0],
  '3. Ask the kernel': [0],
  '4. Check the adapter': [0],
  '5. Have it judged': [1],
  '6. Mend it': [0],
  'In your own tests': [0, 3],
}

test.each(steps.map((step) => [step.split('\n')[0]!, step] as const))('%s', (title, step) => {
  for (const code of codeOf(step)) program = withCode(program, code)
  writeFileSync(join(folder, 'program.py'), program)
  const sessions = sessionsOf(step)
  const results = sessions.map(({ command }) => shown(command))
  expect(results.map(({ stdout }) => withoutVolatile(stdout))).toEqual(
    sessions.map(({ prints }) => withoutVolatile(prints)),
  )
  expect(results.map(({ status }) => status)).toEqual(statuses[title])
})

test('the report that the page asks for is there', () => {
  expect(existsSync(join(folder, 'report.xml'))).toBe(true)
})
