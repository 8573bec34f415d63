/**
 * A program that implements part of the kernel: its process, started anew whenever it is gone, and the calls
 * of one run. Line by line: each of ours is answered by one of the program's, whichever thread it is about.
 */
import { pull } from 'lodash'
import { EngineError, Gone, UsageError } from '../../engine/errors'
import { perRun } from '../../engine/ids'
import { threadById } from '../../engine/run'
import {
  __mmu_notifier_invalidate_range_start_map,
  mmu_notifier_srcu,
} from '../../reference/mm/mmu_notifier'
import { current } from '../../reference/kernel/sched'
import { Connection, type Link } from './connection'
import {
  lineOf,
  protocolVersion,
  replyOf,
  type Context,
  type Hello,
  type Reply,
  type Request,
  type Wire,
} from './messages'
import { Objects } from './values'

/** What answers may take, in milliseconds. */
export interface Budgets {
  readonly helloMs: number
  readonly resetMs: number
  readonly callMs: number
}

export const budgetsDefault: Budgets = { helloMs: 15_000, resetMs: 5_000, callMs: 5_000 }

/** In a row; a program that cannot be started so often will not be. */
const startsMax = 10
const suite = 'hmm-conformance'

export type ThreadReply = Reply & { type: 'return' | 'upcall' | 'die' }

export class Program {
  private connection: Link | null = null
  private nextId = 0
  private known: Hello | null = null
  private failedStarts = 0
  private last: Pick<ProgramRun, 'open'> = { open: [] }

  constructor(
    readonly command: readonly string[],
    private readonly budgets: Budgets = budgetsDefault,
    /** Starts it. */
    private readonly connect = (): Link => new Connection(command),
  ) {}

  /** What it said of itself when it was first started. */
  get hello(): Hello {
    if (!this.known) this.start()
    return this.known!
  }

  /** The run that is under way: the program has forgotten what was before. */
  readonly run = perRun(() => new ProgramRun(this))

  /**
   * Forgets the run before; a program that is gone is started again. So is one that still waits there for the
   * result of an upcall and can do nothing else meanwhile.
   */
  reset(run: ProgramRun): void {
    if (this.last.open.length > 0 && !this.hello.threads) this.end()
    this.last = run
    this.restart()
    this.exchange({ type: 'reset' }, this.budgets.resetMs, ['ready'])
  }

  /** Starts it if it is gone. */
  restart(): void {
    if (!this.connection) this.start()
  }

  abandon(thread: number): void {
    this.exchange({ type: 'abandon', thread }, this.budgets.resetMs, ['ready'])
  }

  call(request: Request): ThreadReply {
    return this.exchange(request, this.budgets.callMs, ['return', 'upcall', 'die'])
  }

  echo(value: Wire): Wire {
    return this.exchange({ type: 'echo', value }, this.budgets.callMs, ['echo']).value
  }

  /** Sends what is no line of ours, and gives the answer: for those who try a program out. */
  probe<T extends Reply['type']>(message: object, expected: readonly T[]): Reply & { type: T } {
    const id = this.nextId++
    const line = JSON.stringify({ ...message, id })
    return this.answerOf(line, id, this.budgets.callMs, expected)
  }

  end(): void {
    void this.connection?.end()
    this.connection = null
  }

  private start(): void {
    this.connection = this.connect()
    this.nextId = 0
    const hello = { type: 'hello', protocol: protocolVersion, suite } as const
    try {
      const said = this.exchange(hello, this.budgets.helloMs, ['hello'])
      this.checkHello(said)
      this.known ??= said
      this.failedStarts = 0
    } catch (error) {
      this.end()
      if (!(error instanceof Gone)) throw error
      if (!this.known)
        throw new UsageError(
          `the program ${this.command.join(' ')} does not begin as one that speaks the protocol: ${error.message}`,
        )
      if (++this.failedStarts >= startsMax)
        throw new EngineError(
          `the program ${this.known.name} could not be started ${startsMax} times in a row: ${error.message}`,
        )
      throw new Gone(error.kind, `when it was started again, ${error.message}`)
    }
  }

  private checkHello(said: Hello): void {
    if (said.protocol !== protocolVersion)
      throw new UsageError(
        `the program ${said.name} speaks version ${said.protocol} of the protocol, and the suite version ${protocolVersion}; see docs/protocol.md`,
      )
    const { known } = this
    if (known && String(known.implements) !== String(said.implements))
      throw new Gone('protocol', 'started again, it says that it implements something else')
  }

  private exchange<T extends Reply['type']>(
    request: Request,
    ms: number,
    expected: readonly T[],
  ): Reply & { type: T } {
    const id = this.nextId++
    return this.answerOf(lineOf(id, request), id, ms, expected)
  }

  private answerOf<T extends Reply['type']>(
    line: string,
    id: number,
    ms: number,
    expected: readonly T[],
  ): Reply & { type: T } {
    try {
      return replyOf(this.connection!.exchange(line, ms), id, expected)
    } catch (error) {
      // Whatever it says next would belong to this.
      this.end()
      throw error
    }
  }
}

/** The calls of one run. */
export class ProgramRun {
  readonly objects = new Objects({
    mmu_notifier_srcu: mmu_notifier_srcu(),
    __mmu_notifier_invalidate_range_start_map,
  })
  /** Threads by their open calls, the innermost last. */
  readonly open: number[] = []

  constructor(readonly program: Program) {
    program.reset(this)
  }

  call(thread: number, symbol: string, args: readonly unknown[], context: Context): ThreadReply {
    this.abandonDead()
    const wire = args.map((arg) => this.objects.toWire(arg))
    this.open.push(thread)
    return this.ask(thread, { type: 'call', thread, symbol, args: wire, context })
  }

  result(thread: number, value: Wire): ThreadReply {
    this.abandonDead()
    return this.ask(thread, { type: 'result', thread, value })
  }

  /** The innermost call of a thread is over. */
  returned(thread: number): void {
    this.open.splice(this.open.lastIndexOf(thread), 1)
  }

  /** The program hears of threads that died while it waited for the result of an upcall. */
  abandonDead(): void {
    const { threads } = this.program.hello
    for (let at = this.open.length - 1; at >= 0; at--) {
      const thread = this.open[at]!
      if (threadById(thread)?.ended !== true) {
        if (threads) continue
        // What holds one call at a time cannot forget one that is not the innermost.
        return
      }
      this.abandon(thread)
      at = this.open.length
    }
  }

  /** A thread has died of what it asked. */
  abandon(thread: number): void {
    this.program.abandon(thread)
    pull(this.open, thread)
  }

  private ask(thread: number, request: Request): ThreadReply {
    const reply = this.program.call(request)
    if (reply.thread === thread) return reply
    this.program.end()
    throw new Gone('protocol', `it answers for thread ${reply.thread}; thread ${thread} is running`)
  }
}

/** What a call may do where it is made. */
export function contextOf(): Context {
  const { preempt_count, irqs_disabled, non_block_count } = current()
  if (preempt_count > 0 || irqs_disabled) return 'atomic'
  return non_block_count > 0 ? 'non_block' : 'may_sleep'
}
