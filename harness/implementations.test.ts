/** Implementations that come with the suite: what they are for, and that they keep every contract. */
import { join } from 'node:path'
import { sampleWorkloads } from './arbitrary'
import { kernelFor, runCampaign } from './campaign'
import { describeEnd } from './ends'
import { size } from './fixtures/size'
import { contracts } from './registry'
import { subjectFrom } from './subject'
import { keepRunning } from '../engine/choice'
import { judgeOf } from '../spec/judge'
import { parseWorkload, runWorkload } from './workload'

const implementation = (name: string) =>
  subjectFrom(join(__dirname, '..', 'fixtures', 'implementations', `${name}.ts`))

const schedules = size(200, 600)

test('the paired core keeps every contract with the notifiers that it admits', () => {
  const { patches } = implementation('paired-core')
  const campaign = { contracts, patches, seed: 1, schedules: 4 * schedules }
  const { tallies, badEnds } = runCampaign(campaign)
  expect(tallies.flatMap(({ failure }) => failure?.says ?? [])).toEqual([])
  expect([...badEnds.keys()]).toEqual([])
  // What it is for was put to the test: passes that were refused, and undone.
  const refused = tallies.find(({ contract }) => contract.id === 'MMN-04')!
  expect(refused.exercised).toBeGreaterThan(0)
})

test('the paired core refuses who may refuse and has an end: HMM and ODP', () => {
  const judge = judgeOf(contracts)
  const workload = parseWorkload('1.1.gpu.kvm.odp.ats', '')
  const opened = (patches: Parameters<typeof kernelFor>[1]): unknown[] => {
    const { events, end } = runWorkload(kernelFor(judge, patches), workload, keepRunning)
    expect(describeEnd(end)).toBe('the run ended well')
    return events
      .filter(({ symbol, phase }) => symbol === '__mmu_notifier_register' && phase === 'return')
      .map(({ result }) => result)
  }
  expect(opened([])).toEqual([0, 0, 0, 0])
  expect(opened(implementation('paired-core').patches)).toEqual([-22, 0, -22, 0])
})

test('a core whose notifiers stay listed while an address space is unmapped does without a release', () => {
  const { patches } = implementation('surviving-list')
  const runs = 2 * schedules
  const workloads = sampleWorkloads(1, runs, 'faults')
  const campaign = { contracts, patches, seed: 1, schedules: runs, workloads }
  const { tallies, badEnds } = runCampaign(campaign)
  expect(tallies.flatMap(({ failure }) => failure?.says ?? [])).toEqual([])
  expect([...badEnds.keys()]).toEqual([])
  // What it is for was put to the test: an end of the GPU's address space, and nothing that the GPU has of it.
  const exits = tallies.find(({ contract }) => contract.id === 'DRV-27')!
  expect(exits.witnesses.get('gpu had it')).toBeGreaterThan(0)
})
