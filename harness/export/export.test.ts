/** What leaves this project says the run that it came from: C that compiles, and one order only. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { range } from 'lodash'
import { keepRunning } from '../../engine/choice'
import { judgeOf } from '../../spec/judge'
import { kernelObservingAll } from '../campaign'
import { newFolder } from '../fixtures/started'
import { fixtureNames, readFixture } from '../fixture'
import { contracts } from '../registry'
import { replay } from '../replay'
import { stepsDigest, toToken } from '../token'
import { parseWorkload, runWorkload } from '../workload'
import { exported } from './formats'

/** As much of the kernel's headers as the skeletons name. */
const shim = `
#define HZ 100
typedef struct { int counter; } atomic_t;
struct completion { int done; };
struct task_struct;
struct kunit { void *priv; };
struct kunit_case { void (*run)(struct kunit *test); };
struct kunit_suite { const char *name; struct kunit_case *test_cases; };
#define DECLARE_COMPLETION(name) struct completion name = { 0 }
#define KUNIT_CASE(test) { .run = test }
#define kunit_test_suite(suite) struct kunit_suite *suite##_listed = &suite
#define MODULE_LICENSE(name) extern const char *license
void complete(struct completion *x);
void wait_for_completion(struct completion *x);
void atomic_set(atomic_t *v, int i);
int atomic_read(const atomic_t *v);
_Bool atomic_dec_and_test(atomic_t *v);
void wake_up_var(void *var);
struct task_struct *kthread_run(int (*fn)(void *data), void *data, const char *name);
_Bool IS_ERR(const void *pointer);
void failed(struct kunit *test, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define wait_var_event_timeout(var, condition, timeout) ((void)(var), (condition) ? (long)(timeout) : 0L)
#define KUNIT_ASSERT_FALSE(test, condition) do { if (condition) failed(test, "%s", ""); } while (0)
#define KUNIT_EXPECT_GT_MSG(test, left, right, ...) do { if ((left) <= (right)) failed(test, __VA_ARGS__); } while (0)
`
const include = newFolder()

/** What gcc has to say of a skeleton; nothing if it is well. */
function complaints(code: string): string {
  for (const [, header] of code.matchAll(/^#include <(.*)>$/gm)) {
    mkdirSync(dirname(join(include, header!)), { recursive: true })
    writeFileSync(join(include, header!), '')
  }
  writeFileSync(join(include, 'shim.h'), shim)
  const flags = ['-fsyntax-only', '-Wall', '-Werror', '-std=gnu11', `-I${include}`]
  const { error, stderr } = spawnSync('gcc', [...flags, '-include', 'shim.h', '-xc', '-'], {
    input: code,
    encoding: 'utf8',
    cwd: include,
  })
  if (error) throw error
  return stderr
}

/** What each thread does: steps by number, and completions. Operations are read where they are called. */
function threadsOf(code: string): string[][] {
  const bodies = new Map<string, string>()
  for (const [, name, body] of code.matchAll(/^static \w+ (\w+)\(.*\)\n\{\n([^]*?)^\}/gm))
    bodies.set(name!, body!)
  const inlined = (body: string): string =>
    body.replace(/^\t(\w+)\(test.*\);$/gm, (call, name: string) => bodies.get(name) ?? call)
  return [...bodies.entries()]
    .filter(([name]) => name.endsWith('_thread'))
    .map(([, body]) =>
      [
        ...inlined(body).matchAll(
          /(wait_for_completion|complete)\(&step_\d+\)|^\t(\/\*|\ \*) (\d+): /gm,
        ),
      ].map(([all, , , step]) => step ?? all),
    )
}

/** The order in which threads take their steps, if the first or the last goes on of those that can. */
function orderOf(threads: readonly (readonly string[])[], last: boolean): number[] {
  const at = threads.map(() => 0)
  const completed = new Set<string>()
  const order: number[] = []
  const waitsFor = (i: number) => /wait_for_completion\((.*)\)/.exec(threads[i]![at[i]!]!)?.[1]
  for (;;) {
    const able = range(threads.length).filter((i) => {
      if (at[i]! >= threads[i]!.length) return false
      const turn = waitsFor(i)
      return turn === undefined || completed.has(turn)
    })
    const i = last ? able.at(-1) : able[0]
    if (i === undefined) return order
    const item = threads[i]![at[i]!++]!
    const given = /^complete\((.*)\)/.exec(item)?.[1]
    if (given) completed.add(given)
    if (/^\d+$/.test(item)) order.push(Number(item))
  }
}

const taskOf = (line: string) => line.slice(0, line.indexOf(':')).replace(/!$/, '')

describe.each(fixtureNames())('%s', (name) => {
  const fixture = readFixture(name)
  const replayed = replay(name, {})
  const code = exported(replayed, 'kunit')
  const lines = exported(replayed, 'litmus').split('\n')
  const ops = Object.values(fixture.tasks).flat()
  const tasks = fixture.schedule.map(taskOf)

  test('kunit: valid C that calls every operation', () => {
    expect(complaints(code)).toBe('')
    for (const op of ops) expect(code).toMatch(new RegExp(`/\\* ${op} \\*/\n\t\\w+\\(test`))
  })

  test('kunit: threads wait where the schedule switches, and can take its steps in no other order', () => {
    const switches = tasks.filter((task, i) => i > 0 && task !== tasks[i - 1]).length
    expect(code.match(/\bwait_for_completion\(&/g) ?? []).toHaveLength(switches)
    expect(code.match(/\bcomplete\(&/g) ?? []).toHaveLength(switches)
    // Between two operations it is the thread that waits.
    expect(code).not.toMatch(/^static void .*\n\{\n\twait_for_completion/m)
    if (fixture.end === 'done') expect(code).not.toMatch(/^\tcomplete\(.*\n\}/m)
    const threads = threadsOf(code)
    const inOrder = range(1, tasks.length + 1)
    expect(orderOf(threads, false)).toEqual(inOrder)
    expect(orderOf(threads, true)).toEqual(inOrder)
  })

  test('litmus: each step in the column of its task, every operation, and the objections', () => {
    const rows = lines.filter((line) => /^ +\d+ .*;$/.test(line))
    const columns = lines.filter((line) => /^ P\d+: /.test(line))
    expect(columns).toHaveLength(new Set([...Object.keys(fixture.tasks), ...tasks]).size)
    const left = /steps (\d+) to/.exec(lines.join('\n'))?.[1]
    expect(rows).toHaveLength(left ? Number(left) - 1 : tasks.length)
    for (const [i, row] of rows.entries()) {
      const cells = row
        .replace(/ ;$/, '')
        .replace(/^ +(\d+)/, '')
        .split(' | ')
      const filled = cells.flatMap((cell, column) => (cell.trim() ? [column] : []))
      expect(filled).toHaveLength(1)
      expect(columns[filled[0]!]).toContain(taskOf(fixture.schedule[i]!).replace('cpu', 'CPU '))
    }
    for (const op of ops) expect(columns.join('\n')).toContain(op)
    const exists = lines.slice(lines.findIndex((line) => line.startsWith('exists ('))).join('\n')
    for (const id of fixture.expect) expect(exists).toContain(`${id} `)
    expect(lines[0]).toBe(`HMM ${fixture.expect[0]}+${fixture.boot}`)
  })

  test('the token of a fixture replays its run', () => {
    const [, token] = /conformance replay (\S+)/.exec(code)!
    const verdicts = (run: typeof replayed) =>
      judgeOf(contracts)
        .judge(run.execution.events)
        .map(({ objections }) => objections.length)
    expect(verdicts(replay(token!, {}))).toEqual(verdicts(replayed))
  })
})

test('a skeleton that is no C is noticed', () => {
  const code = exported(replay('a-29', {}), 'kunit')
  expect(complaints(code.replace('return 0;', 'return 0'))).toContain('expected')
  expect(complaints(code.replace('cpu_0_device_fault(test, 0)', 'cpu_0_fault(test)'))).toContain(
    'cpu_0_fault',
  )
})

test('a completion in the wrong place is noticed', () => {
  const code = exported(replay('a-29', {}), 'kunit')
  const early = code
    .replace(/(\tcomplete\(&step_9\);\n)/, '')
    .replace('\t/* 2:', '\tcomplete(&step_9);\n\t/* 2:')
  expect(orderOf(threadsOf(early), true)).not.toEqual(orderOf(threadsOf(code), true))
})

test('a run that is well says so', () => {
  const workload = parseWorkload('2.2.gpu', 'cpu_write_0+cpu_write_0/close_gpu')
  const execution = runWorkload(kernelObservingAll([]), workload, keepRunning, { labels: true })
  const { choices } = execution
  const token = toToken({ boot: 'reference', workload, choices, digest: stepsDigest(execution) })
  const run = replay(token, {})
  expect(exported(run, 'litmus').split('\n').at(-1)).toBe('exists (the run ended well)')
  const code = exported(run, 'kunit')
  expect(complaints(code)).toBe('')
  expect(code).toContain('cpu_0_cpu_write_2(test, 0)')
  expect(code).not.toContain('is_broken')
})
