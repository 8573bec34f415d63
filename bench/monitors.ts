/**
 * Whether the contracts' monitors are tested: how many changes of one handler or one comparison alter a verdict
 * on a log: recorded ones, and those that were written by hand.
 *
 *   node bin/bench.js monitors [--seed N] [--schedules N] [--workloads N] [--json]
 *
 * `--schedules` is what the search for each mutant may take, `--workloads` how many the reference runs.
 */
import { logFixtures } from '../harness/log-fixture'
import { failingLogs, passingLogs } from '../harness/monitor-logs'
import { judgeChanges } from '../harness/monitor-mutation'
import { switchedContracts } from '../harness/monitor-source'
import { mutantNames } from '../harness/registry'
import { flag, numberOption, progress } from './options'

export function monitors(args: readonly string[]): void {
  const seed = numberOption(args, '--seed', 1)
  const schedules = numberOption(args, '--schedules', 3000)
  const names = mutantNames()
  const failing = names.flatMap((name, n) => {
    if (n % 20 === 0) progress(`logs of mutants: ${n} of ${names.length}`)
    return failingLogs(name, seed, schedules)
  })
  progress(`${failing.length} logs of mutants`)
  const passing = passingLogs(seed, numberOption(args, '--workloads', 1000))
  progress(`${passing.length} logs of the reference`)
  const report = judgeChanges(switchedContracts(), [...failing, ...passing], logFixtures())
  if (flag(args, '--json')) {
    console.log(JSON.stringify({ seed, ...report }, null, 2))
    return
  }
  const { logs, events, tried, noticed, survivors } = report
  for (const { file, line, kind, text, reached } of survivors)
    console.log(`${file}:${line}  ${kind}, came up in ${reached} logs: ${text}`)
  console.log(
    `${noticed} of ${tried} changes (${((100 * noticed) / tried).toFixed(1)} %) alter a verdict on ${logs} logs of ${events} events`,
  )
}
