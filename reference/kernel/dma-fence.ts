/** Fences: signalled once, by hardware or by another driver; lockdep knows nothing of them (002:1898-1903). */
import { define } from '../../engine/symbol'
import { wake_up_all } from '../../spec/headers/sched'
import { dma_fence_signal, dma_fence_wait, type dma_fence } from '../../spec/headers/workqueue'
import { EINVAL } from '../../spec/headers/types'
import { struct } from './slab'
import { wait_event, wait_queue } from './wait'

export const dma_fence_struct = struct('fence', (): dma_fence => ({
  name: '',
  signaled: false,
  wq: wait_queue({ name: 'fence' }),
}))

/** A second signal is refused and changes nothing. Linux's own (drivers/dma-buf/dma-fence.c). */
define(dma_fence_signal, (fence) => {
  if (fence.signaled) return -EINVAL
  fence.signaled = true
  wake_up_all(fence.wq)
  return 0
})

define(dma_fence_wait, function* (fence) {
  yield* wait_event(fence.wq, () => fence.signaled)
})
