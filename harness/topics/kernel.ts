/** What the kernel promises to drivers of every kind. */
import fc from 'fast-check'
import { mapValues, without } from 'lodash'
import type { DriverName } from '../drivers'
import { kernelOperations } from '../operations'
import { selftests } from '../selftests'
import type { World } from '../world'
import { area, type Topic } from './topic'

const pagesMax = 4
const areasMax = 3

/** How often each operation is generated, relative to the others, unless it is twice. */
const often: Readonly<Record<string, number>> = {
  device_fault: 5,
  device_fault_write: 3,
  device_read: 6,
  device_write: 4,
  kvm_fault: 3,
  kvm_read: 4,
  odp_fault: 3,
  odp_read: 4,
  reclaim: 5,
  munmap: 3,
  oom_reap: 7,
  trial: 4,
  watch: 8,
  listen: 4,
  open: 3,
  close: 4,
  reopen: 7,
  cpu_read: 1,
  exit: 2,
  ...mapValues(selftests, () => 1),
  selftest_alloc: 2,
  selftest_reclaim: 2,
  selftest_gfp: 2,
  mmap_fixed: 1,
  mremap: 1,
  mprotect_read: 1,
  mprotect_write: 1,
  dontneed: 1,
  gup: 1,
  fork: 1,
  child_read: 1,
  child_write: 1,
  child_exit: 1,
  truncate: 1,
  direct_reclaim: 1,
  kswapd: 1,
  memory_low: 3,
  oom_kill: 1,
  age: 1,
  readahead: 1,
  hold_mmap_sem: 5,
  detach: 3,
  other_process: 1,
  bad_arguments: 1,
}

/** What most worlds about the kernel draw from. */
export const kernelDrivers = ['gpu', 'gpu1', 'kvm', 'odp', 'ats'] as const

/**
 * Two mirrors of one address space share an hmm, which stays while one of them comes and goes; a driver that counts
 * passes by itself is there for what it is told, beside others who refuse.
 */
const drivers: fc.Arbitrary<readonly DriverName[]> = fc.oneof(
  { weight: 6, arbitrary: fc.subarray<DriverName>([...kernelDrivers], { minLength: 1 }) },
  {
    weight: 3,
    arbitrary: fc
      .subarray<DriverName>(without(kernelDrivers, 'gpu', 'gpu1'))
      .map((others): DriverName[] => ['gpu', 'gpu1', ...others]),
  },
  {
    weight: 1,
    arbitrary: fc
      .subarray<DriverName>(['gpu', 'odp'])
      .map((others): DriverName[] => ['invlock', ...others]),
  },
)

const world: fc.Arbitrary<World> = fc
  .record({
    first: area(pagesMax),
    more: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(area(1), { minLength: 1, maxLength: areasMax - 1 }) },
    ),
    drivers,
  })
  .map(({ first, more, drivers }) => ({ ...first, more, drivers, slow: false }))

export const kernel: Topic = {
  contracts: ['MMN', 'HMM', 'BLK', 'LIF', 'LCK', 'OOM'],
  world,
  weights: mapValues(kernelOperations, (_, name) => often[name] ?? 2),
  share: 60,
}
