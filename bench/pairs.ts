/**
 * Pairs: what each device does, beside each change of the memory that it does it with, under every schedule of so many
 * preemptions. A race of two that random schedules meet once in hundreds of thousands is met here for certain.
 *
 *   node bin/bench.js pairs [--preemptions N] [--cap N] [--json] [OPERATION...]
 *
 * What any contract objects to is wrong, a run that does not end well, and memory that nobody accounts for. A pair with
 * more schedules than the cap is not searched to the end, and says so.
 */
import { enumerate } from '../engine/enumerate'
import type { Patch } from '../engine/symbol'
import { kernelFor } from '../harness/campaign'
import { contracts } from '../harness/registry'
import { parseWorkload, runWorkload, workloadText } from '../harness/workload'
import { judgeOf } from '../spec/judge'
import { wrongIn } from './models/wrong'
import { flag, namesOf, numberOption, progress } from './options'

/** By operation of a device, the world's drivers, and how it is written. */
const uses: Readonly<Record<string, readonly [drivers: string, operation: string]>> = {
  hfi1_send: ['hfi1', 'hfi1_send_0_1'],
  hfi1_receive: ['hfi1', 'hfi1_receive_0_1'],
  radeon_job: ['radeon', 'radeon_job_0_1'],
  shared_job: ['hfi1.radeon', 'shared_job_0_1'],
  device_fault: ['gpu', 'device_fault_write_0'],
  device_write: ['gpu', 'device_write_0'],
  gpu_fill: ['gpu.slow', 'gpu_fill_0_1'],
  kvm_fault: ['kvm', 'kvm_fault_0'],
  guest_write: ['kvm.slow', 'guest_write_0'],
  odp_fault: ['odp', 'odp_fault_0'],
  nic_write: ['odp.slow', 'nic_write_0'],
  uverbs_write: ['uverbs', 'uverbs_write_0'],
  interval_write: ['interval', 'interval_write_0'],
  invlock_write: ['invlock.ats', 'invlock_write_0'],
  ats_write: ['ats.slow', 'ats_write_0'],
  vram_write: ['gpu.dmem.ats', 'vram_write_0'],
  dma: ['ats', 'dma_0'],
}

const changes = [
  'munmap_0_1',
  'mmap_fixed_0_1',
  'dontneed_0_1',
  'mprotect_read_0_1',
  'reclaim_0',
  'migrate_page_0',
  'truncate_0_1',
  'fork',
  'oom_reap',
  'exit',
]

export interface Pair {
  readonly workload: string
  readonly schedules: number
  readonly complete: boolean
  readonly says: readonly string[]
}

export interface PairsOptions {
  readonly preemptions: number
  readonly cap: number
}

/** One operation of a device beside every change, in a world of two pages of which one is there. */
export function pairsOf(
  name: string,
  { preemptions, cap }: PairsOptions,
  patches: readonly Patch[] = [],
): Pair[] {
  const judge = judgeOf(contracts)
  const kernel = kernelFor(judge, patches)
  const [drivers, operation] = uses[name]!
  return changes.map((change) => {
    const workload = parseWorkload(`2.1.${drivers}`, `${change}/${operation}`)
    const says = new Set<string>()
    const { executions, complete } = enumerate(
      (choice) => runWorkload(kernel, workload, choice),
      preemptions,
      cap,
      (execution) => {
        for (const one of wrongIn(execution, judge)) says.add(one)
      },
    )
    return { workload: workloadText(workload), schedules: executions, complete, says: [...says] }
  })
}

export function pairs(args: readonly string[]): void {
  const preemptions = numberOption(args, '--preemptions', 2)
  const cap = numberOption(args, '--cap', 20_000)
  const chosen = namesOf(args, Object.keys(uses), ['--preemptions', '--cap'])
  const found = chosen.flatMap((name) => {
    progress(`${name} …`)
    return pairsOf(name, { preemptions, cap })
  })
  console.log(flag(args, '--json') ? JSON.stringify(found, null, 2) : linesOf(found).join('\n'))
  process.exitCode = found.some(({ says }) => says.length > 0) ? 1 : 0
}

function linesOf(found: readonly Pair[]): string[] {
  const schedules = found.reduce((sum, pair) => sum + pair.schedules, 0)
  const whole = found.filter(({ complete }) => complete).length
  const wrong = found.filter(({ says }) => says.length > 0).length
  return [
    ...found.flatMap((pair) => [
      `${pair.workload}: ${pair.complete ? 'all' : 'the first'} ${pair.schedules} schedules`,
      ...pair.says.map((one) => `  ${one}`),
    ]),
    `${found.length} pairs, ${whole} of them to the end, ${schedules} schedules, something wrong in ${wrong} pairs`,
  ]
}
