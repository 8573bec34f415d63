/**
 * Answers of a program that arrive altered: bits flipped, cut, doubled, of another line, deeply nested. No run may
 * take what no program can say for an answer, none may end the suite, and memory must stay what it is.
 *
 *   node bin/bench.js altered-answers [--answers N] [--seed N] [--json]
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { UsageError } from '../engine/errors'
import { fuzz } from '../harness/pipe/fixtures/fuzz'
import { progressOf } from '../harness/progress'
import { contracts } from '../harness/registry'
import { parseWorkload } from '../harness/workload'
import { flag, numberOption } from './options'

const workloads = [
  parseWorkload('2.2.gpu', 'device_fault_0+device_fault_1/reclaim_0+munmap_1_2'),
  parseWorkload('1.1.gpu.kvm', 'device_fault_0+close_gpu/reclaim_0'),
  parseWorkload('2.1s.gpu.gpu1', 'device_fault_write_0/device_fault_1_1/oom_reap+exit'),
]

export function alteredAnswers(args: readonly string[]): void {
  const count = numberOption(args, '--answers', 10_000)
  if (count < 10) throw new UsageError('--answers takes a whole number of 10 or more')
  const progress = progressOf(count, 'answers')
  const heapMiB: number[] = []
  const tenth = Math.floor(count / 10)
  const advance = (run: number): void => {
    progress.advance(1)
    if ((run + 1) % tenth === 0) heapMiB.push(usedMiB())
  }
  const seed = numberOption(args, '--seed', 1)
  const began = performance.now()
  const { ends, wrong } = fuzz({ contracts, workloads, count, seed, advance })
  progress.clear()
  const seconds = Number(((performance.now() - began) / 1000).toFixed(1))
  const result = {
    answers: count,
    ends: Object.fromEntries([...ends].sort()),
    wrong,
    heapMiB,
    seconds,
  }
  console.log(flag(args, '--json') ? JSON.stringify(result, null, 2) : linesOf(result).join('\n'))
  process.exitCode = wrong.length > 0 ? 1 : 0
}

/** What is in use once nothing is left that nobody holds. */
function usedMiB(): number {
  setFlagsFromString('--expose_gc')
  ;(runInNewContext('gc') as () => void)()
  return Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1))
}

interface Result {
  readonly answers: number
  readonly ends: Readonly<Record<string, number>>
  readonly wrong: readonly string[]
  readonly heapMiB: readonly number[]
  readonly seconds: number
}

function linesOf({ answers, ends, wrong, heapMiB, seconds }: Result): string[] {
  return [
    ...wrong,
    `${answers} altered answers in ${seconds} s, ${wrong.length} taken for what they are not`,
    ...Object.entries(ends).map(([how, many]) => `${String(many).padStart(7)}  ${how}`),
    `in use after every tenth: ${heapMiB.join(', ')} MiB`,
  ]
}
