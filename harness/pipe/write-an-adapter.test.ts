/** docs/write-an-adapter.md, done as it says: its code is put together, its commands run, and their output compared. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from '../fixtures/started'

const root = join(__dirname, '..', '..')
const suite = `"${process.execPath}" "${join(root, 'bin', 'hmm-conformance.js')}"`
const page = readFileSync(join(root, 'docs', 'write-an-adapter.md'), 'utf8')
const steps = page.split(/^## /m).slice(1)

/** A command with what it reads, and what the page says that it prints. */
interface Session {
  readonly command: string
  readonly prints: string
}

const codeOf = (step: string): string[] =>
  [...step.matchAll(/^```python\n([^]*?)^```/gm)].map(([, code]) => code!)

/** The sessions of a step. A line `> …` right behind a command goes on with it. */
function sessionsOf(step: string): Session[] {
  const [block] = [...step.matchAll(/^```\n(\$ [^]*?)^```/gm)].map(([, session]) => session!)
  return (block ?? '')
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [, command, prints] = /^(.*\n(?:> .*\n)*)([^]*)$/.exec(text)!
      return { command: command!.replace(/^> /gm, ''), prints: prints! }
    })
}

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

/**
 * Numbers of schedules and of times that a contract was put to the test hang on all contracts and operations;
 * whether progress is told, on time.
 */
const withoutVolatile = (printed: string): string =>
  printed
    .replace(/^\d+ of \d+ schedules.*\n/gm, '')
    .replace(/^.*\bschedules\b.*$/gm, (line) => line.replace(/\d+/g, 'N'))
    .replace(/^([A-Z]+-\d+ +[A-Z]+).*$/gm, '$1')
    .replace(/^ +hmm1~.*$/gm, '   TOKEN')
    .replace(/^-+ .*$/gm, '')
    .replace(/ +$/gm, '')

const folder = newFolder()
let program = ''
let token = ''

/** Runs it in a shell, in the folder; what a terminal would show. */
function shown(command: string) {
  const script = command.replaceAll('npx hmm-conformance', suite).replace('TOKEN', token)
  const options = { cwd: folder, encoding: 'utf8', timeout: 110_000 } as const
  const { status, stdout } = spawnSync('sh', ['-c', `exec 2>&1\n${script}`], options)
  token ||= /^ +(hmm1~\S+)$/m.exec(stdout)?.[1] ?? ''
  return { status, stdout }
}

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
