import { outcomes } from '../../harness/fixtures/outcomes'
import { point, until } from '../../engine/task'
import { list_add_tail, list_del, list_del_init } from '../../spec/headers/list'
import { might_sleep, wait_event_timeout, wake_up_all } from '../../spec/headers/sched'
import {
  dma_fence_signal,
  dma_fence_wait,
  flush_work,
  queue_work,
} from '../../spec/headers/workqueue'
import { EINVAL } from '../../spec/headers/types'
import { dma_fence_struct } from './dma-fence'
import { request_irq } from './irq'
import { hlist_del_init_rcu, type hlist_node } from './list'
import {
  raw_read_seqcount,
  read_seqcount_retry,
  seqcount,
  write_seqcount_begin,
  write_seqcount_end,
} from './seqlock'
import { wait_event, wait_queue } from './wait'
import { alloc_workqueue, work_struct_alloc } from './workqueue'

test('a flush returns when the item has run as often as it was queued before', () => {
  const found = outcomes((say) => {
    const wq = alloc_workqueue('wq', 0)
    let runs = 0
    const work = work_struct_alloc({
      name: 'work',
      *func() {
        yield* point('work')
        runs++
      },
    })
    return {
      *task() {
        say(queue_work(wq, work))
        say(queue_work(wq, work))
        yield* flush_work(work)
        say(runs)
        yield* flush_work(work)
      },
    }
  })
  expect(found).toEqual(['true false 1'])
})

test('a fence is signalled once, and whoever waits has seen it', () => {
  const found = outcomes((say) => {
    const fence = dma_fence_struct({ name: 'fence' })
    return {
      *waiter() {
        yield* dma_fence_wait(fence)
        say(fence.signaled)
      },
      *signaller() {
        yield* point('signal')
        const [first, second] = [dma_fence_signal(fence), dma_fence_signal(fence)]
        if (first !== 0 || second !== -EINVAL) say('wrong')
      },
    }
  })
  expect(found).toEqual(['true'])
})

test('a fence that nobody signals is waited for in vain', () => {
  const found = outcomes(() => {
    const fence = dma_fence_struct({ name: 'fence' })
    return {
      *waiter() {
        yield* dma_fence_wait(fence)
      },
    }
  })
  expect(found).toEqual(['deadlock'])
})

test('an interrupt comes at any moment after it was raised, and its handler may not sleep', () => {
  const found = outcomes((say) => {
    let raised = false
    request_irq(
      'done',
      () => raised,
      function* () {
        raised = false
        might_sleep()
        say('handled')
      },
    )
    return {
      *task() {
        raised = true
        yield* point('work on')
        say('on')
        yield* until('handled', undefined, () => !raised)
      },
    }
  })
  const report = '[sleeping function called from invalid context]'
  expect(found).toEqual([`handled on ${report}`, `on handled ${report}`])
})

test('a reader begins again exactly if a writer was at work', () => {
  const found = outcomes((say) => {
    const s = seqcount({ name: 'seq' })
    return {
      *writer() {
        yield* point('write')
        write_seqcount_begin(s)
        yield* point('half written')
        write_seqcount_end(s)
      },
      *reader() {
        const start = yield* raw_read_seqcount(s)
        const again = yield* read_seqcount_retry(s, start)
        say(`${start} ${again ? 'again' : 'done'}`)
      },
    }
  })
  expect(found).toEqual(['0 again', '0 done', '1 again', '1 done', '2 done'])
})

test('a wait with a timeout looks first, and 0 means that it looked last and in vain', () => {
  const found = outcomes((say) => {
    const wq = wait_queue({ name: 'wq' })
    let ready = false
    return {
      *waiter() {
        say((yield* wait_event_timeout(wq, () => ready, 5)) > 0 === ready ? 'told' : 'fooled')
        say(ready)
      },
      *waker() {
        yield* point('wake')
        ready = true
        wake_up_all(wq)
      },
    }
  })
  expect(found).toEqual(['told false', 'told true'])
})

test('no wake-up falls between the test of the condition and the sleep', () => {
  const found = outcomes((say) => {
    const wq = wait_queue({ name: 'wq' })
    let ready = false
    return {
      *waiter() {
        yield* wait_event(wq, () => ready)
        say('woken')
      },
      *waker() {
        yield* point('wake')
        ready = true
        wake_up_all(wq)
      },
    }
  })
  expect(found).toEqual(['woken'])
})

test('an entry is removed once; the removal that may be repeated says nothing', () => {
  const found = outcomes((say) => {
    const [list, entry] = [[] as object[], { name: 'entry' }]
    return {
      *task() {
        list_add_tail(list, entry)
        list_del(list, entry)
        list_del_init(list, entry)
        say(list.length)
        list_del(list, entry)
      },
    }
  })
  expect(found).toEqual(['0 [list_del of an entry that is on no list]'])
})

test('a reader on an entry that was unlinked goes on to the entries behind it', () => {
  interface Node extends hlist_node<Node> {
    readonly name: string
  }
  const found = outcomes((say) => {
    const last: Node = { name: 'c', next: null, linked: true }
    const middle: Node = { name: 'b', next: last, linked: true }
    const head = { first: { name: 'a', next: middle, linked: true } as Node | null }
    return {
      *reader() {
        for (let at = head.first; at; at = at.next) {
          say(at.name)
          yield* point('next')
        }
      },
      *remover() {
        yield* point('remove')
        hlist_del_init_rcu(head, middle)
        hlist_del_init_rcu(head, middle)
      },
    }
  })
  expect(found).toEqual(['a b c', 'a c'])
})
