/** Interval notifiers: every schedule of small workloads keeps their contracts, and each defect is convicted. */
import { range } from 'lodash'
import { replace, type Patch } from '../engine/symbol'
import { exploreWorkload } from '../harness/exploration'
import { runCampaign, type Campaign } from '../harness/campaign'
import { contracts } from '../harness/registry'
import { parseWorkload, type Workload } from '../harness/workload'
import { interval_mirror_invalidate } from '../reference/drivers/interval_mirror'
import { undo_intervals } from '../reference/mm/mmu_notifier'
import {
  mmu_interval_notifier_remove,
  mmu_interval_read_begin,
  mmu_interval_read_retry,
  mmu_interval_set_seq,
} from '../spec/headers/interval_notifier'
import { spin_lock, spin_unlock } from '../spec/headers/locking'
import { mmdrop } from '../spec/headers/mm'
import { intervalContracts } from '../spec/interval/area'

const executionsMax = 20_000
/** Of a workload that is too large to be exhausted. */
const schedules = 1_500
const seed = 4

const small = [
  'interval_mirror_0_1/dontneed_0_1',
  'interval_mirror_0_1/oom_reap',
  'interval_mirror_0_1/exit',
  'interval_mirror_0_1/cpu_write_0',
]
/** A notifier of the list that refuses what must not block, beside an interval notifier that agrees. */
const withAList = 'interval_mirror_0_1/listen_0_1/oom_reap'

function workload(tasks: string): Workload {
  return parseWorkload('1.1', tasks)
}

function objecting({ tallies }: Campaign): string[] {
  return tallies.filter(({ failure }) => failure !== null).map(({ contract }) => contract.id)
}

function exercised({ tallies }: Campaign): Map<string, number> {
  return new Map(tallies.map(({ contract, exercised }) => [contract.id, exercised]))
}

test.each(small)(
  'every class of schedules of %s keeps the contracts of interval notifiers',
  (tasks) => {
    const options = { contracts: intervalContracts, cap: executionsMax }
    const { campaign, complete } = exploreWorkload(
      { name: 'reference', patches: [] },
      workload(tasks),
      options,
    )
    expect(complete).toBe(true)
    expect(objecting(campaign)).toEqual([])
    expect(campaign.badEnds).toEqual(new Map())
    expect(exercised(campaign).get('INT-01')).toBeGreaterThan(0)
  },
)

function searched(patches: readonly Patch[], tasks: readonly string[]): Campaign {
  const all = [...contracts, ...intervalContracts]
  // A campaign runs a few schedules of each that it is given.
  const workloads = range(schedules).map((n) => workload(tasks[n % tasks.length]!))
  return runCampaign({ contracts: all, patches, seed, schedules, workloads })
}

test('all contracts hold beside notifiers of the list, whoever refuses, and those of intervals are put to the test', () => {
  const campaign = searched([], [...small, withAList])
  expect(objecting(campaign)).toEqual([])
  expect([...campaign.badEnds.keys()]).toEqual([])
  for (const { contract, exercised, witnesses } of campaign.tallies)
    if (contract.id.startsWith('INT-'))
      expect([
        contract.id,
        exercised >= contract.minimum.exercised,
        witnesses.size >= contract.minimum.witnesses,
      ]).toEqual([contract.id, true, true])
})

const defects: Readonly<Record<string, { patches: readonly Patch[]; convicts: string }>> = {
  'nobody is told to retry': {
    patches: [replace(mmu_interval_read_retry, () => false)],
    convicts: 'INT-01',
  },
  'readers do not wait': {
    patches: [
      replace(mmu_interval_read_begin, function* (sub) {
        const { lock } = sub.mm.mmu_notifier_mm!.intervals!
        yield* spin_lock(lock)
        const seq = sub.invalidate_seq
        spin_unlock(lock)
        return seq
      }),
    ],
    convicts: 'INT-02',
  },
  'a refusal by a notifier of the list leaves the pass open for interval notifiers, as Linux does':
    {
      patches: [replace(undo_intervals, function* () {})],
      convicts: 'INT-03',
    },
  'a removal does not wait': {
    patches: [
      replace(mmu_interval_notifier_remove, function* (sub) {
        const subs = sub.mm.mmu_notifier_mm!.intervals!
        yield* spin_lock(subs.lock)
        subs.itree = subs.itree.filter((other) => other !== sub)
        spin_unlock(subs.lock)
        yield* mmdrop(sub.mm)
      }),
    ],
    convicts: 'INT-04',
  },
  'a driver refuses what may block': {
    patches: [
      replace(interval_mirror_invalidate, function* (sub, range, cur_seq) {
        return (yield* interval_mirror_invalidate.original(sub, range, cur_seq)) && range.end === 0
      }),
    ],
    convicts: 'INT-05',
  },
  'a driver has its readers retry outside of its lock': {
    patches: [
      replace(interval_mirror_invalidate, function* (sub, _range, cur_seq) {
        mmu_interval_set_seq(sub, cur_seq)
        return true
      }),
    ],
    convicts: 'INT-06',
  },
}

test.each(Object.entries(defects))('%s: convicted', (_what, { patches, convicts }) => {
  expect(objecting(searched(patches, [...small, withAList]))).toContain(convicts)
})

test('every contract of interval notifiers convicts a defect', () => {
  const convicting = Object.values(defects).map(({ convicts }) => convicts)
  expect(convicting.sort()).toEqual(intervalContracts.map(({ id }) => id))
})
