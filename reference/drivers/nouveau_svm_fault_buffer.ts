/**
 * A GPU's page faults, several at once (000:4950-4953): neighbours of one area are brought in together.
 *
 * The area only says how far neighbours go. mmap_sem is let go before any page is looked at, so each of them is found
 * again where it is published (000:6390-6395).
 */
import { sortBy } from 'lodash'
import { symbol } from '../../engine/symbol'
import { point, type Task } from '../../engine/task'
import { device_faults_taken } from '../../spec/headers/device'
import { down_read, up_read } from '../../spec/headers/locking'
import { find_vma, mmget_not_zero, mmput } from '../../spec/headers/mm'
import { EFAULT } from '../../spec/headers/types'
import { answerFault, takeFaults, type DeviceFault } from '../hardware/fault-queue'
import { fault_span, type nouveau_svmm } from './nouveau_svm'

/** Mends all faults that wait, or says of which nothing can be made (000:4950-4953). */
export const nouveau_svm_fault_buffer = symbol(
  'nouveau_svm_fault_buffer',
  function* (svmm: nouveau_svmm): Task<void> {
    yield* point(`take faults of ${svmm.gpu.name}`)
    const faults = sortBy(takeFaults(svmm.gpu.faults), 'page')
    if (faults.length === 0) return
    device_faults_taken(svmm.gpu, faults.length)
    if (yield* mmget_not_zero(svmm.mm)) {
      yield* fault_batches(svmm, faults)
      yield* mmput(svmm.mm)
    } else for (const fault of faults) answerFault(svmm.gpu, fault, -EFAULT)
  },
)

/** Neighbours together, batch after batch. Linux's own (drivers/gpu/drm/nouveau/nouveau_svm.c). */
export const fault_batches = symbol(
  'fault_batches',
  function* (svmm: nouveau_svmm, faults: readonly DeviceFault[]): Task<void> {
    for (let left = faults; left.length > 0;) {
      const size = yield* batch_size(svmm, left)
      yield* fault_batch(svmm, left.slice(0, size))
      left = left.slice(size)
    }
  },
)

/**
 * How many of the faults, from the first on, are neighbours in one area and want the same. At least one: whether
 * there is an area at all its own fault tells. Linux's own (drivers/gpu/drm/nouveau/nouveau_svm.c).
 */
export const batch_size = symbol(
  'batch_size',
  function* ({ mm }: nouveau_svmm, faults: readonly DeviceFault[]): Task<number> {
    const { page: start, write } = faults[0]!
    yield* down_read(mm.mmap_sem)
    const end = find_vma(mm, start)?.vm_end ?? start
    up_read(mm.mmap_sem)
    let size = 1
    for (; size < faults.length; size++) {
      const next = faults[size]!
      if (next.write !== write || next.page >= end) break
      if (next.page > faults[size - 1]!.page + 1) break
    }
    return size
  },
)

/**
 * Brings neighbours in together; where that cannot be, each alone: one that is not there harms no other. Linux's own
 * (drivers/gpu/drm/nouveau/nouveau_svm.c).
 */
export const fault_batch = symbol(
  'fault_batch',
  function* (svmm: nouveau_svmm, faults: readonly DeviceFault[]): Task<void> {
    const { page: start, write } = faults[0]!
    const end = faults.at(-1)!.page + 1
    const ret = yield* fault_span(svmm, start, end, write, true)
    if (ret === 0) return
    if (faults.length > 1) for (const fault of faults) yield* fault_batch(svmm, [fault])
    else answerFault(svmm.gpu, faults[0]!, ret)
  },
)
