/** Where each task may not sleep: sections that must not block, and handlers that run in atomic context. */
import { fact } from '../contract'

export interface Atomicity {
  /** non_block_start less non_block_end, by task; an end too many counts for nothing. */
  readonly nonBlock: Map<number, number>
  /** Callbacks of SRCU and handlers of interrupts that are under way, by task. */
  readonly handlers: Map<number, number>
}

export const atomicity = fact({
  name: 'atomicity',
  start: (): Atomicity => ({ nonBlock: new Map(), handlers: new Map() }),
  on: {
    non_block_start: ({ nonBlock }, { task }) => count(nonBlock, task, 1),
    'non_block_end.return': ({ nonBlock }, { task }) => count(nonBlock, task, -1),
    srcu_invoke_callback: ({ handlers }, { task }) => count(handlers, task, 1),
    'srcu_invoke_callback.return': ({ handlers }, { task }) => count(handlers, task, -1),
    handle_irq: ({ handlers }, { task }) => count(handlers, task, 1),
    'handle_irq.return': ({ handlers }, { task }) => count(handlers, task, -1),
  },
})

/** How many sections that must not block a task is inside of. */
export function nonBlockDepth({ nonBlock }: Atomicity, task: number): number {
  return nonBlock.get(task) ?? 0
}

function count(by: Map<number, number>, task: number, change: number): void {
  by.set(task, Math.max(0, (by.get(task) ?? 0) + change))
}
