/**
 * How fast a recorded log is judged, and how much memory that takes: a log is repeated until it is as large as wanted.
 *
 *   node bin/bench.js log-speed [--megabytes N] [--json]
 */
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { contracts } from '../harness/registry'
import { fileSource, judgeLog } from '../harness/trace/judge-log'
import { flag, numberOption } from './options'

const traces = join(__dirname, '..', 'fixtures', 'traces')
const megabyte = 1 << 20
/** Of the heap that outlives a collection: what is not needed is not kept for want of a reason to collect it. */
const heapLimit = '--max-old-space-size=96'

export async function logSpeed(args: readonly string[]): Promise<void> {
  const megabytes = numberOption(args, '--megabytes', 1024)
  if (!process.execArgv.includes(heapLimit)) {
    const command = [heapLimit, join(__dirname, '..', 'bin', 'bench.js'), 'log-speed', ...args]
    process.exitCode = spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 70
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'hmm-conformance-'))
  try {
    const results: LogSpeed[] = []
    // The first is there to warm up; a tenth of the size shows whether memory grows with it.
    for (const size of [megabytes / 100, megabytes / 10, megabytes])
      results.push(await measured(await written(folder, size)))
    if (flag(args, '--json')) console.log(JSON.stringify(results, null, 2))
    else for (const result of results) console.log(told(result))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All logs of the fixtures, again and again. */
async function written(folder: string, megabytes: number): Promise<string> {
  const names = readdirSync(traces).filter((name) => name.endsWith('.gz'))
  const all = Buffer.concat(names.map((name) => gunzipSync(readFileSync(join(traces, name)))))
  const file = join(folder, `${megabytes}.txt`)
  const stream = createWriteStream(file)
  for (let size = 0; size < megabytes * megabyte; size += all.length)
    if (!stream.write(all)) await once(stream, 'drain')
  stream.end()
  await once(stream, 'finish')
  return file
}

/** A small one to warm up, one of a tenth of the size, and one of all of it. */
export type LogSpeeds = readonly LogSpeed[]

export interface LogSpeed {
  readonly lines: number
  readonly lives: number
  /** Of the processor and of the clock. */
  readonly cpuMs: number
  readonly elapsedMs: number
  /** Of the whole process, the most until now. */
  readonly memoryMaxMegabytes: number
}

async function measured(file: string): Promise<LogSpeed> {
  const began = { cpu: process.cpuUsage(), at: Date.now() }
  const judging = { generation: 'mmu_interval_notifier', declared: new Set<string>() } as const
  const { state, lives } = await judgeLog(fileSource(file), { contracts, ...judging })
  const { user, system } = process.cpuUsage(began.cpu)
  return {
    lines: state.lines,
    lives,
    cpuMs: Math.round((user + system) / 1000),
    elapsedMs: Date.now() - began.at,
    memoryMaxMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** Lines a second of processor time. */
export const linesPerSecond = ({ lines, cpuMs }: LogSpeed): number => (1000 * lines) / cpuMs

function told(result: LogSpeed): string {
  const { lines, lives, elapsedMs, memoryMaxMegabytes } = result
  const speed = Math.round(linesPerSecond(result))
  return `${lines} lines, ${lives} lives: ${speed} lines a second of processor time, ${elapsedMs} ms by the clock, ${memoryMaxMegabytes} MB at most`
}
