/** Interrupts: what hardware has finished arrives at any moment, and its handler must not sleep (002:2893-2894). */
import { spawn } from '../../engine/run'
import { define } from '../../engine/symbol'
import { until, type AtomicTask } from '../../engine/task'
import { handle_irq } from '../../spec/headers/workqueue'
import { local_irq_restore, local_irq_save, preempt_disable, preempt_enable } from './sched'

/**
 * Serves a line: whenever `raised()`, the handler runs once. Linux's own
 * (include/linux/interrupt.h).
 */
export function request_irq(
  name: string,
  raised: () => boolean,
  handler: () => AtomicTask<void>,
): void {
  spawn(
    `irq/${name}`,
    function* () {
      for (;;) {
        yield* until('irq', name, raised)
        yield* handle_irq(name, handler)
      }
    },
    { daemon: true },
  )
}

/**
 * Runs a handler where nothing may sleep, and nothing interrupts. Linux's own
 * (kernel/irq/handle.c).
 */
define(handle_irq, function* (_name, handler) {
  preempt_disable()
  const flags = local_irq_save()
  yield* handler()
  local_irq_restore(flags)
  preempt_enable()
})
