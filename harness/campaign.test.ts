import type { Choice } from '../engine/choice'
import { replace } from '../engine/symbol'
import { vm_munmap } from '../spec/headers/mm'
import { runCampaign, type CampaignOptions, type Lost } from './campaign'
import { contractsWithIds, mutant } from './registry'
import { parseWorkload } from './workload'

const contracts = contractsWithIds(['MMN-01', 'MMN-02'])
const { patches } = mutant('munmap-without-a-pass')
/** Among so many runs some unmap memory. */
const options: CampaignOptions = { contracts, patches, seed: 11, schedules: 200 }

test('a failure is told of before the next run begins, the first of its kind only', () => {
  const told: string[] = []
  const campaign = runCampaign({
    ...options,
    begin(run, choice) {
      told.push(`run ${run}`)
      return choice
    },
    met: ({ schedule }, by) => void told.push(`${by} in schedule ${schedule}`),
  })
  const failures = campaign.tallies.flatMap(({ failure }, i) => (failure ? [{ failure, i }] : []))
  expect(failures).not.toEqual([])
  const runs = told.filter((line) => line.startsWith('run'))
  expect(new Set(runs).size).toBe(options.schedules)
  for (const { failure, i } of failures) {
    const at = told.indexOf(`${i} in schedule ${failure.schedule}`)
    expect(told.slice(0, at).findLast((line) => line.startsWith('run'))).toBe(
      runs[failure.schedule - 1],
    )
  }
  expect(told.filter((line) => !line.startsWith('run'))).toHaveLength(failures.length)
})

test('a run that is known to be lost is not made, and counts as what it is', () => {
  const lost: Lost = { kind: 'hang', choices: [0, 1], says: 'hang: never back' }
  const begun: number[] = []
  const begin = (run: number, choice: Choice) => {
    begun.push(run)
    return begun.length === 3 ? lost : choice
  }
  let met = 0
  const { badEnds, schedules } = runCampaign({ ...options, begin, met: () => void met++ })
  expect(schedules).toBe(options.schedules)
  expect(badEnds.get('hang')).toMatchObject({
    count: 1,
    first: { schedule: 3, choices: [0, 1], says: 'hang: never back' },
  })
  expect(met).toBeGreaterThan(0)
})

test('what a task dies of is told of like what a contract objects to', () => {
  const dies = replace(vm_munmap, function* () {
    throw new Error('no memory map')
  })
  const told: unknown[] = []
  const { badEnds } = runCampaign({
    ...options,
    patches: [dies],
    met: (_failure, by) => void told.push(by),
  })
  expect(told).toContain('oops')
  expect(badEnds.get('oops')!.first.says).toContain('no memory map')
})

describe('a workload with few schedules', () => {
  /** Two tasks of two and of seven steps, which do not wait for each other: 36 orders. */
  const few = parseWorkload('1.1.gpu', 'close_kvm/cpu_read_0')
  const many = parseWorkload('1.1.gpu', 'device_fault_0/reclaim_0')
  const workloads = [few, many]
  const campaignOf = (schedules: number, begin: CampaignOptions['begin']) =>
    runCampaign({ contracts, patches: [], seed: 11, workloads, schedules, begin: begin! })

  test('is run on every one of them, another one on some', () => {
    const runs: number[] = []
    const { exhausted, schedules } = campaignOf(1_000, (run, choice) => {
      runs.push(run)
      return choice
    })
    expect(exhausted).toBe(1)
    expect(runs).toHaveLength(schedules)
    const runsOfFirst = runs.findIndex((run, at) => run !== at)
    expect(runsOfFirst).toBe(36)
    expect(schedules).toBeGreaterThan(36)
    expect(schedules).toBeLessThan(36 + 64)
  })

  test('is not called exhausted where the budget ends before it, or a run is lost', () => {
    const lost: Lost = { kind: 'hang', choices: [], says: 'hang: never back' }
    expect(campaignOf(35, (_, choice) => choice).exhausted).toBe(0)
    expect(campaignOf(36, (_, choice) => choice).exhausted).toBe(1)
    expect(campaignOf(1_000, (run, choice) => (run === 20 ? lost : choice)).exhausted).toBe(0)
  })
})
