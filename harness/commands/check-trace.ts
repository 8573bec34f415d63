/** `check-trace`: judge recorded logs of a kernel. */
import { existsSync, readFileSync } from 'node:fs'
import { UsageError } from '../../engine/errors'
import { contractsMatching } from '../registry'
import { tableOf } from '../report'
import { fileSource, judgeLog, type LogVerdict } from '../trace/judge-log'
import { logPage } from '../trace/log-page'
import { isPartial, logReport, remarksOf, type LogReport } from '../trace/log-report'
import { symbolsOf } from '../trace/recorded'
import { generationOf, versionOf } from '../trace/version'

export interface CheckTraceArguments {
  readonly contracts?: string
  /** Names of probes, or a file of them. */
  readonly recorded?: string
  /** Version of the kernel that wrote the logs. */
  readonly kernel?: string
  readonly json?: boolean
  readonly markdown?: boolean
}

const nothingRan = 4
const recentKernel = '6.1'

export async function checkTraceCommand(
  files: readonly string[],
  args: CheckTraceArguments,
): Promise<number> {
  const began = Date.now()
  const generation = generationOf(versionOf(args.kernel ?? recentKernel))
  const contracts = contractsMatching(args.contracts)
  const declared = symbolsOf(namesIn(args.recorded))
  const verdicts: LogVerdict[] = []
  for (const file of files) {
    const verdict = await judgeLog(fileSource(file), { contracts, generation, declared })
    refuseForeign(verdict)
    verdicts.push(verdict)
  }
  const report = logReport(generation, verdicts, Date.now() - began)
  if (args.markdown) console.log(logPage(verdicts))
  else if (args.json) console.log(JSON.stringify(report, null, 2))
  else print(report)
  return exitCode(report)
}

function print(report: LogReport): void {
  for (const { counterexample } of report.contracts)
    if (counterexample) console.log(`${counterexample.text}\n`)
  const judged = report.contracts.filter(({ verdict }) => verdict !== 'UNOBSERVABLE')
  for (const line of tableOf({ contracts: judged })) console.log(line)
  const unseen = report.contracts.length - judged.length
  console.log(
    `\n${unseen} more contracts are UNOBSERVABLE: --json tells what they would have to hear`,
  )
  for (const { id, holed, doubtful } of report.contracts) {
    if (holed > 0) console.log(`${id}: lines are missing in ${holed} address spaces, not judged`)
    if (doubtful > 0)
      console.log(
        `${id}: in ${doubtful} address spaces it depends on an order that the log leaves open`,
      )
  }
  for (const line of report.logs.flatMap(remarksOf)) console.log(line)
  const lines = report.logs.map((log) => log.lines).reduce((a, b) => a + b, 0)
  console.log(`${report.logs.length} logs, ${lines} lines, ${report.elapsedMs} ms`)
}

/** 0 fine, 1 violation, 2 judged in part, 4 nothing to judge. */
function exitCode({ contracts, logs }: LogReport): number {
  if (contracts.some(({ verdict }) => verdict === 'FAIL')) return 1
  if (logs.every(({ lives }) => lives === 0)) return nothingRan
  return logs.some(isPartial) ? 2 : 0
}

function refuseForeign({ log, state: { events, foreign } }: LogVerdict): void {
  if (events === 0 && foreign > 0)
    throw new UsageError(`"${log}" is no log: none of its lines is ftrace text or JSON of a probe`)
}

/** Probes by name, separated by commas, blanks or lines; or a file of them, also one of kprobe definitions. */
function namesIn(recorded: string | undefined): string[] {
  if (recorded === undefined) return []
  const text = existsSync(recorded) ? readFileSync(recorded, 'utf8') : recorded
  const names = text
    .split(/\n/)
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => (/^[pr]\d*:/.test(line) ? [line.split(/[:\s]/)[1]!] : line.split(/[\s,]+/)))
    .map((name) => name.replace(/^.*\//, ''))
    .filter((name) => name !== '')
  const strange = names.find((name) => !/^\w+$/.test(name))
  if (strange !== undefined)
    throw new UsageError(`--recorded takes names of probes or a file of them, not "${strange}"`)
  return names
}
