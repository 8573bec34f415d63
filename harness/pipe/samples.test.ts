/** The samples: they keep every contract, and each of their bugs breaks the one that is about it. */
import { runCampaign } from '../campaign'
import { exploreWorkload } from '../exploration'
import { contracts, contractsMatching } from '../registry'
import { subjectFromCommand } from '../subject'
import { parseWorkload } from '../workload'
import { endConnections } from './connection'
import { removeBuilt, sample, workloads } from './fixtures/programs'

afterAll(endConnections)
afterAll(removeBuilt)

test.each([
  ['hmm.py', 12],
  ['range-valid.js', 12],
  ['mmu_notifier.c', 30],
])('%s keeps every contract', (file, schedules) => {
  const { patches } = subjectFromCommand(sample(file))
  const { tallies, badEnds } = runCampaign({ contracts, patches, seed: 3, schedules, workloads })
  expect(tallies.flatMap(({ failure }) => failure?.says ?? [])).toEqual([])
  expect([...badEnds.values()].map(({ first }) => first.says)).toEqual([])
  // It was asked: HMM's own contracts are put to the test.
  const asked = tallies.find(({ contract }) => contract.id === 'HMM-02')!
  expect(asked.exercised).toBeGreaterThan(0)
})

const colliding = ['1.1.gpu', 'device_fault_0/reclaim_0'] as const

test.each([
  ['hmm.py', 'valid-again', 'HMM-23', ...colliding],
  ['hmm.py', 'count-first', 'HMM-04', ...colliding],
  ['hmm.py', 'keeps-user', 'LIF-13', '1.1.gpu', 'device_fault_0'],
  ['mmu_notifier.c', 'no-undo', 'MMN-05', '1.1.gpu.odp', 'odp_fault_0/oom_reap'],
  ['mmu_notifier.c', 'undo-all', 'MMN-06', '1.1.gpu.odp', 'odp_fault_0/oom_reap'],
  ['mmu_notifier.c', 'swallow', 'MMN-06', '1.1.gpu.odp', 'odp_fault_0/oom_reap'],
  ['range-valid.js', 'boolean', 'HMM-23', ...colliding],
  ['range-valid.js', 'always', 'HMM-02', ...colliding],
])('%s %s breaks %s in a workload of two operations', (file, bug, id, world, tasks) => {
  const subject = subjectFromCommand(sample(file, bug))
  const { campaign } = exploreWorkload(subject, parseWorkload(world, tasks), {
    ...{ contracts: contractsMatching(id), cap: 300, preemptions: 1 },
  })
  expect(campaign.tallies[0]!.failure).not.toBeNull()
})

test('a program that would sleep in what is one step ends the task that asked it', () => {
  const { patches } = subjectFromCommand(sample('range-valid.js', 'sleeps'))
  const options = { contracts, patches, seed: 3, schedules: 1 }
  const { badEnds } = runCampaign({ ...options, workloads: [parseWorkload(...colliding)] })
  expect([...badEnds].map(([kind, { first }]) => [kind, first.says])).toEqual([
    ['oops', expect.stringContaining('down_read where hmm_range_valid does one step')],
  ])
})
