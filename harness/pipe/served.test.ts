/** The reference over the pipe: what contracts say of it there is what they say of it in process. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { times } from 'lodash'
import { sampleWorkloads } from '../arbitrary'
import { unobservable } from '../observable'
import { size } from '../fixtures/size'
import { contracts, mutant } from '../registry'
import { setNamesOverPipe } from '../sets'
import { subjectFromCommand } from '../subject'
import { parseWorkload, type Workload } from '../workload'
import { compare } from './compare'
import { endConnections } from './connection'

afterAll(endConnections)

const program = join(__dirname, '..', '..', 'bin', 'reference.js')
const callMs = 20_000

function compared(workloads: readonly Workload[], name?: string) {
  const args = [program, ...setNamesOverPipe, ...(name === undefined ? [] : ['--mutant', name])]
  const { patches } = subjectFromCommand({ command: [process.execPath, ...args], callMs })
  const local = name === undefined ? [] : mutant(name).patches
  return compare([local, patches], workloads, { contracts, seed: 7 })
}

test('every verdict and every count is the same', () => {
  const sampled = (['kernel', 'devices', 'intervals'] as const).flatMap((about) =>
    sampleWorkloads(7, size(3, 10), about),
  )
  const { differences, campaigns } = compared(sampled)
  expect(differences).toEqual([])
  const [, overPipe] = campaigns
  expect(overPipe.tallies.filter(({ failure }) => failure)).toEqual([])
  // Many contracts are about something that happened.
  const exercised = overPipe.tallies.filter(({ exercised }) => exercised > 0)
  expect(exercised.length).toBeGreaterThan(contracts.length / size(4, 2))
})

/** A workload under as many schedules. */
const often = (world: string, tasks: string): Workload[] =>
  times(size(6, 12), () => parseWorkload(world, tasks))

test.each([
  ['callback-revives-hmm', 'LIF-05', '1.1.gpu', 'device_fault_0+close_gpu/reclaim_0'],
  ['no-undo', 'MMN-05', '1.1.gpu.odp', 'odp_fault_0/oom_reap'],
])('%s breaks %s here and there', (name, id, world, tasks) => {
  const { differences, campaigns } = compared(often(world, tasks), name)
  expect(differences).toEqual([])
  for (const { tallies } of campaigns)
    expect(tallies.filter(({ failure }) => failure).map(({ contract }) => contract.id)).toContain(
      id,
    )
})

test('a comparison that finds nothing can find something', () => {
  const { patches } = mutant('no-undo')
  const { differences } = compare([[], patches], often('1.1.gpu.odp', 'odp_fault_0/oom_reap'), {
    ...{ contracts, seed: 7 },
  })
  expect(differences).toContainEqual(expect.stringContaining('MMN-05 objects to one run only'))
})

test('which contracts cannot be judged of a program that shows nothing is known', () => {
  const file = join(__dirname, 'unobservable.json')
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>
  const now = setNamesOverPipe.map((set) => [set, unobservable(contracts, [set], [])])
  expect({
    '*': unobservable(contracts, setNamesOverPipe, ['*']),
    ...Object.fromEntries(now),
  }).toEqual(known)
})
