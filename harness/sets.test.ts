/** Sets: each can be replaced as a whole, and no part of one by what has another signature. */
import { times } from 'lodash'
import { replace, type AnySymbol, type Patch } from '../engine/symbol'
import type { Task } from '../engine/task'
import { device_use } from '../reference/devices/translating-device'
import { kvm_fault } from '../reference/drivers/kvm'
import { lock_map_acquire } from '../spec/headers/lockdep'
import { hmm_range_valid } from '../spec/headers/hmm'
import { find_vma } from '../spec/headers/mm'
import { mmu_invlock_inv_end } from '../spec/headers/mmu_invlock'
import { __mmu_notifier_register } from '../spec/headers/mmu_notifier'
import { runCampaign } from './campaign'
import { defineImplementation } from './implementation'
import { contracts } from './registry'
import { setNames, setNamesOverPipe, symbolsNamed, symbolsOf, type SetName } from './sets'
import { parseWorkload } from './workload'

/** In every run of it each set is asked for something. */
const workload = parseWorkload(
  '2.2.gpu.kvm.invlock',
  'device_fault_0+invlock_read_0/reclaim_0+kvm_fault_1',
)
const schedules = 60

/** Does what the symbol does, and counts it. */
function counting({ slot }: AnySymbol, called: () => void): Patch {
  const { own, task } = slot
  const fn = task
    ? function* (...args: unknown[]): Task<unknown> {
        called()
        return yield* own!(...args) as Task<unknown>
      }
    : (...args: unknown[]): unknown => {
        called()
        return own!(...args)
      }
  return { slot, fn }
}

test.each(setNames)('%s can be replaced as a whole', (set: SetName) => {
  let calls = 0
  const patches = [...symbolsOf(set).values()].map((symbol) => counting(symbol, () => calls++))
  const workloads = times(schedules, () => workload)
  const name = `counted-${set}`
  const implementation = defineImplementation({ name, replaces: [set], patches })
  const campaign = runCampaign({ contracts, ...implementation, seed: 2, schedules, workloads })
  expect(campaign.tallies.flatMap(({ failure }) => failure?.says ?? [])).toEqual([])
  expect([...campaign.badEnds.keys()]).toEqual([])
  expect(campaign.schedules).toBe(schedules)
  expect(calls).toBeGreaterThanOrEqual(schedules)
  const [first] = symbolsOf(set).keys()
  const part = { name: `part-of-${set}`, replaces: [set], patches: patches.slice(1) }
  expect(() => defineImplementation(part)).toThrow(
    `says that it replaces ${first} and has no patch`,
  )
})

test('no symbol belongs to two sets', () => {
  const names = setNames.flatMap((set) => [...symbolsOf(set).keys()])
  expect(new Set(names).size).toBe(names.length)
})

test('what only works in process is no set of a program', () => {
  expect(() => symbolsNamed(['kvm_fault'], setNamesOverPipe)).toThrow(
    '"kvm_fault" can be implemented in process alone; a program implements hmm, notifier-core',
  )
  expect(() => symbolsNamed(['driver'], setNamesOverPipe)).toThrow('in process alone')
  expect(() => symbolsNamed(['kitchen'])).toThrow('"kitchen" can not be implemented')
})

/** The compiler checks this: each wrong signature is an error that it expects. */
export function wrongSignatures(): void {
  // @ts-expect-error a number is no truth
  replace(hmm_range_valid, () => 1)
  // @ts-expect-error a registration may be interleaved, and says how it went
  replace(__mmu_notifier_register, () => 0)
  // @ts-expect-error what is one step cannot be interleaved
  replace(mmu_invlock_inv_end, function* () {})
  // @ts-expect-error a driver is not given a text
  replace(kvm_fault, function* (vm: string) {
    return vm.length
  })
  // @ts-expect-error a device that cannot translate says so
  replace(device_use, function* () {})
  // @ts-expect-error an area is no address
  replace(find_vma, (_mm, addr) => addr)
  // @ts-expect-error it returns nothing
  replace(lock_map_acquire, () => 7)
}
