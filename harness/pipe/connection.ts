/** A program's process, from its start to its end: a line out, a line back, or why there is none. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Gone, UsageError } from '../../engine/errors'
import { Control, Kind, newShared, type ToBridge } from './shared'

const bridge = join(__dirname, '..', '..', 'bin', 'bridge.js')

/** What lines go through. */
export interface Link {
  /** Sends a line and waits for the answer, so many milliseconds at most. Throws Gone if there is none. */
  exchange(line: string, ms: number): string
  end(): Promise<unknown>
}

export class Connection implements Link {
  private readonly shared = newShared()
  private readonly thread: Worker

  constructor(private readonly command: readonly string[]) {
    this.thread = idle.pop() ?? newThread()
    this.tell({ command, shared: this.shared })
    open.add(this)
  }

  exchange(line: string, ms: number): string {
    const { control, text } = this.shared
    Atomics.store(control, Control.answered, 0)
    this.tell(line)
    const until = Date.now() + ms
    // Who notifies may come late, with the answer before: only the word itself says that there is one.
    while (Atomics.load(control, Control.answered) === 0) {
      const left = until - Date.now()
      if (left <= 0) throw this.late(ms)
      Atomics.wait(control, Control.answered, 0, left)
    }
    // A copy: text of shared memory cannot be decoded.
    const said = Buffer.from(text.slice(0, control[Control.length])).toString('utf8')
    switch (control[Control.kind] as Kind) {
      case Kind.line:
        return said
      case Kind.ended:
        throw new Gone('crash', said)
      case Kind.unreadable:
        throw new Gone('protocol', said)
      case Kind.unstartable:
        throw new UsageError(
          `the command ${this.command[0]} cannot be started (${said}); check its name and that it is executable`,
        )
    }
  }

  private late(ms: number): Gone {
    const pending = this.shared.control[Control.pending]!
    const half = pending > 0 ? `; ${pending} bytes without a newline came` : ''
    return new Gone('hang', `it did not answer within ${ms / 1000} seconds${half}`)
  }

  private tell(what: ToBridge): void {
    this.thread.postMessage(what)
  }

  /** The process, and whatever it started, is ended; its thread may take another one. */
  end(): Promise<unknown> {
    if (!open.delete(this)) return Promise.resolve()
    const pid = this.shared.control[Control.pid]!
    try {
      if (pid > 0) process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
    this.tell(null)
    idle.push(this.thread)
    return Promise.resolve()
  }
}

const open = new Set<Connection>()
/** Threads whose process is done with: starting one takes longer than starting most programs. */
const idle: Worker[] = []

function newThread(): Worker {
  const thread = new Worker(bridge)
  thread.unref()
  return thread
}

/** Ends every process that this thread has started, and the threads that owned them. */
export async function endConnections(): Promise<void> {
  await Promise.all([...open].map((connection) => connection.end()))
  await Promise.all(idle.splice(0).map((thread) => thread.terminate()))
}
process.on('exit', () => void endConnections())
