/**
 * A run as the skeleton of a KUnit test: a thread a task, and a completion wherever the schedule goes on with
 * another task. What the operations call are comments, to be replaced by calls of the code under test.
 */
import { wrap } from '../../engine/columns'
import { operations } from '../operations'
import { sourceOf } from '../sources'
import { switchesOf, type ExportedRun, type ExportedStep, type ExportedTask } from './exported-run'

/** A line of a task's code, and the operation in whose function it is; -1 for the thread's own. */
interface Placed {
  readonly op: number
  readonly code: readonly string[]
}

const howToFill = [
  'A comment with a number is a step: from this call up to the next one of its thread, unlocking included. Code under test goes in its place. Indented is what begins or returns meanwhile.',
  'A thread waits for its turn right before the first call of a step. Where it may not sleep there, poll with try_wait_for_completion().',
]

/** Seconds; far more than a test takes whose threads all come to their end. */
const patience = 10

export function kunit(run: ExportedRun): string {
  const { tasks, steps } = run
  const turns = switchesOf(steps).map(({ number }) => number)
  const test = identifier([run.objections[0]?.contract.id, run.boot].filter(Boolean).join('_'))
  const includes = ['kunit/test', 'linux/atomic', 'linux/completion', 'linux/err', 'linux/kthread']
  return [
    ...heading(run),
    ...[...includes, 'linux/module', 'linux/wait_bit'].map((name) => `#include <${name}.h>`),
    '',
    'static atomic_t running;',
    ...turns.map((number) => `static DECLARE_COMPLETION(step_${number});`),
    ...tasks.flatMap((task) => ['', ...taskCode(task, run)]),
    '',
    ...testCode(test, run),
    '',
    `static struct kunit_case ${test}_cases[] = {`,
    `\tKUNIT_CASE(${test}),`,
    '\t{}',
    '};',
    '',
    `static struct kunit_suite ${test}_suite = {`,
    `\t.name = "${test}",`,
    `\t.test_cases = ${test}_cases,`,
    '};',
    `kunit_test_suite(${test}_suite);`,
    '',
    'MODULE_LICENSE("GPL");',
  ].join('\n')
}

function heading({ title, world, token, boot }: ExportedRun): string[] {
  return blockComment([
    ...(title === null ? [] : [title, '']),
    'What it needs to begin with:',
    ...world.map((sentence) => `- ${sentence}`),
    '',
    `The schedule is that of a run on "${boot}":`,
    `npx hmm-conformance replay ${token}`,
    '',
    ...howToFill.flatMap((sentence) => wrap(`- ${sentence}`, '  ')),
  ])
}

/** The functions of a task's operations, then its thread. */
function taskCode(task: ExportedTask, { steps }: ExportedRun): string[] {
  const prefix = identifier(task.name)
  const names = uniqueNames(task.ops.map((op) => `${prefix}_${op.split(' ')[0]!}`))
  const placed = placedCode(task, steps)
  const functions = task.ops.flatMap((op, i) => [
    ...lineComment('', [op]),
    `static void ${names[i]!}(${['struct kunit *test', ...parametersOf(op)].join(', ')})`,
    '{',
    ...bodyOf(placed.filter((part) => part.op === i)),
    '}',
    '',
  ])
  const calls = task.ops.map((op, i) => [
    ...lineComment('\t', [op]),
    `\t${names[i]!}(${['test', ...argumentsOf(op)].join(', ')});`,
  ])
  return [
    ...functions,
    ...(task.ops.length > 0 ? [] : lineComment('', [`${task.name}: a thread of the kernel's own`])),
    `static int ${prefix}_thread(void *data)`,
    '{',
    ...(task.ops.length > 0 ? ['\tstruct kunit *test = data;', ''] : []),
    ...threadBody(placed, calls),
    '',
    '\tif (atomic_dec_and_test(&running))',
    '\t\twake_up_var(&running);',
    '\treturn 0;',
    '}',
  ]
}

/** Steps, and turns that are waited for and given away, each where its task has it. */
function placedCode({ id, stuckAt }: ExportedTask, steps: readonly ExportedStep[]): Placed[] {
  const own = steps.filter(({ task }) => task === id)
  const placed = own.flatMap((step, i): Placed[] => {
    const { number, op, lines } = step
    // Array positions are step numbers less one.
    const isTaken = number > 1 && steps[number - 2]!.task !== id
    const next = steps[number]
    const begins = own[i - 1]?.op !== op
    const isOver = own[i + 1] !== undefined && own[i + 1]!.op !== op
    const [first, ...seen] = lines
    return [
      ...(isTaken
        ? [{ op: begins ? -1 : op, code: [`\twait_for_completion(&step_${number});`] }]
        : []),
      { op, code: lineComment('\t', [`${number}: ${first}`, ...seen.map((line) => `  ${line}`)]) },
      ...(next && next.task !== id
        ? [{ op: isOver ? -1 : op, code: [`\tcomplete(&step_${next.number});`] }]
        : []),
    ]
  })
  if (stuckAt === null) return placed
  const never = {
    op: own.at(-1)?.op ?? -1,
    code: lineComment('\t', [`never gets past: ${stuckAt}`]),
  }
  return [...placed, never]
}

/** The thread's own code; each operation is called where its first step is, and at the end if it has none. */
function threadBody(placed: readonly Placed[], calls: readonly (readonly string[])[]): string[] {
  const called = new Set<number>()
  const body = placed.flatMap(({ op, code }) => {
    if (op < 0) return code
    if (called.has(op)) return []
    called.add(op)
    return calls[op]!
  })
  return [...body, ...calls.flatMap((call, op) => (called.has(op) ? [] : call))]
}

function bodyOf(parts: readonly Placed[]): string[] {
  if (parts.length === 0) return lineComment('\t', ['the run is over before'])
  return parts.flatMap(({ code }) => code)
}

function testCode(name: string, { tasks, objections, end, endsWell }: ExportedRun): string[] {
  const threads = tasks.map((task) => identifier(task.name))
  const hung = endsWell ? 'a thread does not come to its end' : end
  return [
    `static void ${name}(struct kunit *test)`,
    '{',
    `\tatomic_set(&running, ${tasks.length});`,
    ...threads.map(
      (thread) =>
        `\tKUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(${thread}_thread, test, "${thread}")));`,
    ),
    `\tKUNIT_EXPECT_GT_MSG(test,`,
    `\t\twait_var_event_timeout(&running, !atomic_read(&running), ${patience} * HZ), 0L,`,
    `\t\t"%s", ${text(hung)});`,
    ...objections.flatMap(({ contract: { id, says: rule, cites }, says, step }) => [
      '',
      ...blockComment(
        [
          ...wrap(`${id}: ${rule}`, ''),
          `(${sourceOf(cites[0]!)})`,
          `Here it is broken ${step === null ? 'at the end' : `in step ${step}`}:`,
          `KUNIT_EXPECT_FALSE_MSG(test, ${identifier(id)}_is_broken,`,
          `\t"%s", ${text(says)});`,
        ],
        '\t',
      ),
    ]),
    ...(objections.length > 0 ? [] : ['', ...lineComment('\t', ['No contract objects.'])]),
    '}',
  ]
}

// ---- C ---------------------------------------------------------------------------------------------------

/** Numbers have the names of what they are; a driver is told by its name. */
function parametersOf(op: string): string[] {
  const [name, ...words] = op.split(' ')
  const takes = operations[name!]!.takes.slice(0, words.length)
  return uniqueNames(takes).map((kind) =>
    kind === 'driver' ? 'const char *driver' : `unsigned long ${kind}`,
  )
}

function argumentsOf(op: string): string[] {
  const [name, ...words] = op.split(' ')
  const { takes } = operations[name!]!
  return words.map((word, i) => (takes[i] === 'driver' ? text(word) : word))
}

/** The second of a name is `name_2`. */
function uniqueNames(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length
    return before === 0 ? name : `${name}_${before + 1}`
  })
}

const identifier = (name: string): string => name.toLowerCase().replace(/\W/g, '_')

/** A literal; what JSON escapes, C does too. */
const text = (content: string): string => JSON.stringify(content)

const commentable = (line: string): string => line.replaceAll('*/', '* /')

function lineComment(indent: string, lines: readonly string[]): string[] {
  if (lines.length > 1) return blockComment(lines, indent)
  return [`${indent}/* ${commentable(lines[0]!)} */`]
}

function blockComment(lines: readonly string[], indent = ''): string[] {
  const inside = lines.map((line) => `${indent} * ${commentable(line)}`.trimEnd())
  return [`${indent}/*`, ...inside, `${indent} */`]
}
