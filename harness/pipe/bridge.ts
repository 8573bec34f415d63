/**
 * The thread that owns a program's process: lines go in as messages, and come out through shared memory, on
 * which whoever asked waits with a deadline.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { parentPort, workerData } from 'node:worker_threads'
import { Control, Kind, lineBytesMax, type BridgeData } from './shared'

const { command, shared } = workerData as BridgeData
const { control, text } = shared
const newline = 10
const stderrKept = 2_000
/** After it has sent what can be no line, nothing of it is read any more. */
let isOver = false
/** What came although nobody waited: it answers the next request, and is found to be wrong there. */
const early: [Kind, Buffer][] = []
let isAwaited = false
let partial: Buffer[] = []
let partialBytes = 0
let stderr = ''

const [file, ...args] = command as [string, ...string[]]
// A group of its own: whatever it starts ends with it.
const child: ChildProcess = spawn(file, args, { stdio: 'pipe', detached: true })
control[Control.pid] = child.pid ?? 0
child.on('error', (error) => {
  if (child.pid === undefined) tell(Kind.unstartable, Buffer.from(error.message))
})
child.on('close', (code, signal) => {
  control[Control.pid] = 0
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
  const [last] = stderr.trimEnd().split('\n').slice(-1)
  tell(Kind.ended, Buffer.from(last ? `it ${how}: ${last.slice(0, 200)}` : `it ${how}`))
})
// That it does not read any more is told by its end.
child.stdin!.on('error', () => undefined)
child.stdout!.on('data', receive)
child.stderr!.on('data', (chunk: Buffer) => {
  stderr = (stderr + chunk.toString('utf8')).slice(-stderrKept)
})
parentPort!.on('message', (line: string) => {
  isAwaited = true
  const first = early.shift()
  if (first) return tell(...first)
  child.stdin!.write(`${line}\n`)
})

function receive(chunk: Buffer): void {
  if (isOver) return
  let rest = chunk
  for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
    tell(Kind.line, Buffer.concat([...partial, rest.subarray(0, end)]))
    partial = []
    partialBytes = 0
    rest = rest.subarray(end + 1)
  }
  if (rest.length > 0) partial.push(rest)
  partialBytes += rest.length
  control[Control.pending] = partialBytes
  if (partialBytes > lineBytesMax) isTooLong()
}

function isTooLong(): void {
  isOver = true
  partial = []
  tell(Kind.unreadable, Buffer.from(`it sent a line of more than ${lineBytesMax} bytes`))
}

function tell(kind: Kind, what: Buffer): void {
  if (what.length > lineBytesMax) return isTooLong()
  if (!isAwaited) {
    early.push([kind, what])
    return
  }
  isAwaited = false
  text.set(what)
  control[Control.kind] = kind
  control[Control.length] = what.length
  Atomics.store(control, Control.answered, 1)
  Atomics.notify(control, Control.answered)
}
