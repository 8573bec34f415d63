/**
 * Calls of a program whose functions are generators: a stack of them for each thread, and the line that is to be
 * answered. Nothing of it runs but what the suite has asked for.
 */
import { EngineError } from '../../../engine/errors'
import { Point } from '../../../engine/task'
import { protocolVersion, type Hello, type Wire } from '../messages'
import { receive, send, type Line } from './lines'
import { Ask, Memory, type AskNow, type Fn } from './memory'

/** The thread has died of what it asked. */
class Abandoned extends Error {}

export class Threads {
  private readonly stacks = new Map<number, Iterator<unknown>[]>()
  /** The line that is to be answered, and whom it is about. */
  private id = 0
  private thread = -1

  constructor(
    private readonly hello: Omit<Hello, 'type' | 'protocol'>,
    /** By symbol: what it does. */
    private readonly functions: ReadonlyMap<string, Fn>,
  ) {}

  /** Asks in one step. Calls that come meanwhile are part of the step. */
  readonly askNow: AskNow = (symbol, ...args) => {
    const { thread } = this
    this.answer('upcall', { symbol, args })
    for (;;) {
      const line = receive()
      this.begin(line)
      if (line.type === 'abandon') throw new Abandoned()
      if (line.type === 'result' && line.thread === thread) return line.value
      this.handle(line)
    }
  }

  readonly memory = new Memory(this.askNow)

  /** Answers line by line, until there are no more. */
  serve(): never {
    for (;;) {
      const line = receive()
      this.begin(line)
      try {
        this.handle(line)
      } catch (error) {
        if (!(error instanceof Abandoned)) throw error
        this.abandon()
      }
    }
  }

  private begin(line: Line): void {
    this.id = line.id
    if ('thread' in line) this.thread = line.thread
  }

  private handle(line: Line): void {
    switch (line.type) {
      case 'call':
        return this.answering(() => this.call(line.symbol, line.args))
      case 'result':
        return this.answering(() => this.advance(this.memory.fromWire(line.value)))
      case 'abandon':
        return this.abandon()
      case 'reset':
        this.stacks.clear()
        this.memory.forget()
        return send({ type: 'ready', id: line.id })
      case 'echo':
        return send({ type: 'echo', id: line.id, value: line.value })
      case 'hello':
        return send({ ...this.hello, type: 'hello', protocol: protocolVersion, id: line.id })
      default:
        return send({ type: 'error', id: this.id, says: 'there is no such message' })
    }
  }

  private abandon(): void {
    this.stacks.delete(this.thread)
    send({ type: 'ready', id: this.id })
  }

  private answer(type: string, message: object): void {
    send({ type, id: this.id, thread: this.thread, ...message })
  }

  /** What it throws its thread dies of. */
  private answering(act: () => void): void {
    try {
      act()
    } catch (error) {
      if (error instanceof Abandoned || error instanceof EngineError) throw error
      this.answer('die', { says: error instanceof Error ? error.message : String(error) })
    }
  }

  private call(symbol: string, args: readonly Wire[]): void {
    const fn = this.functions.get(symbol) ?? this.memory.functionNamed(symbol)
    if (!fn) throw new EngineError(`the served reference has no function ${symbol}`)
    const made = fn(...args.map((arg) => this.memory.fromWire(arg)))
    if (!isIterator(made)) return this.answer('return', { value: this.memory.toWire(made) })
    const stack = this.stacks.get(this.thread)
    if (stack) stack.push(made)
    else this.stacks.set(this.thread, [made])
    this.advance(undefined)
  }

  /** Runs the innermost call of the thread until it asks for something, or returns. */
  private advance(value: unknown): void {
    const stack = this.stacks.get(this.thread)!
    try {
      const { done, value: said } = stack.at(-1)!.next(value)
      if (done) {
        stack.pop()
        this.answer('return', { value: this.memory.toWire(said) })
      } else this.ask(said)
    } catch (error) {
      stack.pop()
      throw error
    }
  }

  private ask(said: unknown): void {
    if (said instanceof Ask) {
      const args = said.args.map((arg) => this.memory.toWire(arg))
      this.answer('upcall', { symbol: said.symbol, args })
    } else if (said instanceof Point && said.ready === null)
      this.answer('upcall', {
        symbol: 'point',
        args: [{ text: said.verb }, this.memory.toWire(said.subject)],
      })
    else throw new EngineError('the served reference waits for what is no symbol')
  }
}

function isIterator(value: unknown): value is Iterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value
}
