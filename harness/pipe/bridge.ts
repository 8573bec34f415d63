/**
 * The thread that owns a program's process: lines go in as messages, and come out through shared memory, on
 * which whoever asked waits with a deadline. When a process is done with, the thread takes the next one.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { parentPort } from 'node:worker_threads'
import { Control, Kind, lineBytesMax, type ToBridge, type Start } from './shared'

const newline = 10
const stderrKept = 2_000

class Owned {
  private readonly child: ChildProcess
  /** Nothing of it is read any more: it has sent what can be no line, or is done with. */
  private isOver = false
  /** What came although nobody waited: it answers the next request, and is found to be wrong there. */
  private readonly early: [Kind, Buffer][] = []
  private isAwaited = false
  private partial: Buffer[] = []
  private partialBytes = 0
  private stderr = ''

  constructor(private readonly start: Start) {
    const [file, ...args] = start.command as [string, ...string[]]
    // A group of its own: whatever it starts ends with it.
    this.child = spawn(file, args, { stdio: 'pipe', detached: true })
    start.shared.control[Control.pid] = this.child.pid ?? 0
    this.child.on('error', (error) => {
      if (this.child.pid === undefined) this.tell(Kind.unstartable, Buffer.from(error.message))
    })
    this.child.on('close', (code, signal) => this.closed(code, signal))
    // That it does not read any more is told by its end.
    this.child.stdin!.on('error', () => undefined)
    this.child.stdout!.on('data', (chunk: Buffer) => this.receive(chunk))
    this.child.stderr!.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-stderrKept)
    })
  }

  request(line: string): void {
    this.isAwaited = true
    const first = this.early.shift()
    if (first) return this.tell(...first)
    this.child.stdin!.write(`${line}\n`)
  }

  /** The process, and whatever it started, is ended; nobody hears of it. */
  end(): void {
    this.isOver = true
    const pid = this.start.shared.control[Control.pid]!
    try {
      if (pid > 0) process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }

  private closed(code: number | null, signal: NodeJS.Signals | null): void {
    this.start.shared.control[Control.pid] = 0
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
    const [last] = this.stderr.trimEnd().split('\n').slice(-1)
    this.tell(Kind.ended, Buffer.from(last ? `it ${how}: ${last.slice(0, 200)}` : `it ${how}`))
  }

  private receive(chunk: Buffer): void {
    if (this.isOver) return
    let rest = chunk
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      this.tell(Kind.line, Buffer.concat([...this.partial, rest.subarray(0, end)]))
      this.partial = []
      this.partialBytes = 0
      rest = rest.subarray(end + 1)
    }
    if (rest.length > 0) this.partial.push(rest)
    this.partialBytes += rest.length
    this.start.shared.control[Control.pending] = this.partialBytes
    if (this.partialBytes > lineBytesMax) this.isTooLong()
  }

  private isTooLong(): void {
    this.isOver = true
    this.partial = []
    this.tell(Kind.unreadable, Buffer.from(`it sent a line of more than ${lineBytesMax} bytes`))
  }

  private tell(kind: Kind, what: Buffer): void {
    if (what.length > lineBytesMax) return this.isTooLong()
    if (!this.isAwaited) {
      this.early.push([kind, what])
      return
    }
    this.isAwaited = false
    const { control, text } = this.start.shared
    text.set(what)
    control[Control.kind] = kind
    control[Control.length] = what.length
    Atomics.store(control, Control.answered, 1)
    Atomics.notify(control, Control.answered)
  }
}

let owned: Owned | null = null

parentPort!.on('message', (message: ToBridge) => {
  if (typeof message === 'string') owned!.request(message)
  else {
    owned?.end()
    owned = message === null ? null : new Owned(message)
  }
})
