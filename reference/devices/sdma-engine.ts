/**
 * An engine that knows page frames and no addresses: it moves data page by page, in the order of its jobs, and
 * interrupts behind the last page of each. The model's own.
 */
import { reads, writes } from '../../engine/footprint'
import type { AtomicTask } from '../../engine/task'
import { dma_access, dma_read } from '../../spec/headers/device'
import type { page } from '../../spec/headers/types'
import { commandQueue, issue, type CommandQueue } from '../hardware/commands'
import { frameState, store } from '../hardware/memory'
import { request_irq } from '../kernel/irq'

export interface SdmaEngine {
  readonly commands: CommandQueue
  /** What is to be done in the interrupts that were raised and not served. */
  readonly raised: (() => AtomicTask<void>)[]
  /** Whether somebody serves its interrupts. */
  served: boolean
}

/** An engine at rest. The model's own. */
export function sdmaEngine(name: string): SdmaEngine {
  return { commands: commandQueue(`${name} engine`), raised: [], served: false }
}

/** Has the engine read or write pages, and `finished` be run in its interrupt. Never waits. The model's own. */
export function sdma_move(
  engine: SdmaEngine,
  pages: readonly page[],
  write: boolean,
  finished: () => AtomicTask<void>,
): void {
  for (const page of pages) issue(engine.commands, () => move(page, write))
  issue(engine.commands, () => {
    writes(line(engine))
    engine.raised.push(finished)
  })
  serve(engine)
}

function move(page: page, write: boolean): void {
  if (write) {
    store(page)
    return dma_access(page.pfn, page.value)
  }
  reads(frameState)
  dma_read(page.pfn, page.value)
}

/** Its interrupt line, in footprints. */
const line = ({ commands }: SdmaEngine): string => `${commands.name} irq`

/** From its first job on. */
function serve(engine: SdmaEngine): void {
  if (engine.served) return
  engine.served = true
  const isRaised = () => {
    reads(line(engine))
    return engine.raised.length > 0
  }
  request_irq(engine.commands.name, isRaised, function* () {
    writes(line(engine))
    yield* engine.raised.shift()!()
  })
}
