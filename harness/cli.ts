/**
 * The command line: arguments in, one exit code out (0 fine, 1 violation, 2 vacuous or judged in part, 3 stale
 * expectations, 4 nothing to judge, 64 usage, 70 our fault).
 */
import { Command, CommanderError } from 'commander'
import { UsageError } from '../engine/errors'
import { adapterCheckCommand } from './commands/adapter'
import { checkTraceCommand } from './commands/check-trace'
import { demoCommand } from './commands/demo'
import { exploreCommand } from './commands/explore'
import { listCommand } from './commands/list'
import { mutantsCommand } from './commands/mutants'
import { probesCommand } from './commands/probes'
import { recordCommand } from './commands/record'
import { runCommand } from './commands/run'
import { replayCommand, showCommand } from './commands/show'
import { exportFormats } from './export/formats'
import { budgetsDefault } from './pipe/program'
import { versions } from './profiles'
import { formats } from './report-formats'
import { runMsMaxDefault, WorkerLost } from './workers'

const usageError = 64
const ourFault = 70
const runTimeoutHelp = `when a single run counts as hung: ${runMsMaxDefault / 1000}, unless told`
const workersHelp = 'how many threads work at it: as many as there are cores, unless told'
const callTimeoutHelp = `when a call of a program counts as hung: ${budgetsDefault.callMs / 1000}, unless told`
const commandHelp = 'how a program is started that implements part of the kernel, behind --'
const reportHelp = `${formats.join(', ')}, with =FILE or without; as often as you like`
const implementationHelp = 'a file that exports an implementation'
const profileHelp = `what is asked for: ${versions.join(', ')}, with /SUBSYSTEM or without`
const contractsHelp = "ids and patterns, such as 'HMM-*,MMN-03'"

export async function main(argv: readonly string[]): Promise<number> {
  let code = 0
  const program = new Command('hmm-conformance').description(
    'Judges implementations of mmu notifiers and HMM against their written rules',
  )
  const done = (result: number) => {
    code = result
  }
  addSearches(program, done)
  addReports(program, done)
  addLogs(program, done)
  addRecording(program, done)
  addAdapter(program, done)
  const all = [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]
  for (const command of all) command.exitOverride().configureOutput({ writeErr: () => undefined })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return failed(error)
  }
}

type Done = (code: number) => void

/** Commands that look for what is wrong. */
function addSearches(program: Command, done: Done): void {
  program
    .command('run')
    .description('judge the reference, an implementation, or a program (-- COMMAND ...)')
    .argument('[command...]', commandHelp)
    .option('--implementation <file>', implementationHelp)
    .option('--contracts <ids>', contractsHelp)
    .option('--profile <name>', profileHelp)
    .option('--budget <schedules>', 'how many schedules to run, or for how long: 30s, 10m, 2h')
    .option('--seed <number>', 'what the campaign depends on')
    .option('--workers <number>', workersHelp)
    .option('--run-timeout <seconds>', runTimeoutHelp)
    .option('--call-timeout <seconds>', callTimeoutHelp)
    .option('--regressions <folder>', 'where known counterexamples are kept')
    .option('--save-regressions', 'keep what is found there')
    .option('--json', 'print the report as JSON')
    .option('--report <format>', reportHelp, (one: string, all: string[] = []) => [...all, one])
    .option('--expect <file>', 'known failures: a line for each')
    .option('--update-expectations', 'rewrite that file: what is stale goes, what is new comes')
    .action(async (command, options) => done(await runCommand({ ...options, command })))
  program
    .command('explore')
    .description('every schedule of one workload, as far as their order matters')
    .argument('<workload>', "a world and its tasks, such as '1.1.gpu~device_fault_0/reclaim_0'")
    .argument('[command...]', commandHelp)
    .option('--implementation <file>', implementationHelp)
    .option('--contracts <ids>', contractsHelp)
    .option('--cap <executions>', 'how many executions to make at most')
    .option('--preemptions <number>', 'only schedules with at most so many preemptions')
    .option('--call-timeout <seconds>', callTimeoutHelp)
    .option('--json', 'print it as JSON')
    .action(async (workload, command, options) =>
      done(await exploreCommand(workload, { ...options, command })),
    )
  program
    .command('mutants')
    .description('the kill matrix: every planted defect, who convicts it, and the smallest case')
    .argument('[names...]')
    .option('--budget <schedules>', 'how many schedules to run for each')
    .option('--seed <number>', 'what the campaigns depend on')
    .option('--workers <number>', workersHelp)
    .option('--json', 'print it as JSON')
    .action(async (names, options) => done(await mutantsCommand(names, options)))
  program
    .command('demo')
    .description('find a historical bug by search and shrink it')
    .option('--seed <number>', 'what the search depends on')
    .action((options) => done(demoCommand(options)))
}

/** Commands for those who write a program. */
function addAdapter(program: Command, done: Done): void {
  const adapter = program
    .command('adapter')
    .description('for programs that implement part of the kernel')
    .action(() => {
      throw new UsageError('adapter has one command: adapter check -- COMMAND ...')
    })
  adapter
    .command('check')
    .description('whether a program can be judged: a list of what it must do')
    .argument('[command...]', commandHelp)
    .option('--call-timeout <seconds>', callTimeoutHelp)
    .action(async (command, options) => done(await adapterCheckCommand(command, options)))
}

/** Commands that tell what is known. */
function addReports(program: Command, done: Done): void {
  program
    .command('list')
    .description('every contract, with the verdict of the last run')
    .option('--profile <name>', profileHelp)
    .option('--json', 'print it as JSON')
    .option('--markdown', 'print the page of all contracts')
    .option('--diagrams', 'print the page of all diagrams')
    .action((options) => done(listCommand(options)))
  program
    .command('show')
    .description('draw a fixture or a token in columns')
    .argument('<fixture-or-token>')
    .option('--html <file>', 'write it as a page, with every call of the run')
    .option('--export <format>', `print it for a mailing list: ${exportFormats.join(', ')}`)
    .action((what, options) => done(showCommand(what, options)))
  program
    .command('replay')
    .description('run a fixture or a token again, and judge it')
    .argument('<fixture-or-token>')
    .argument('[command...]', commandHelp)
    .option('--implementation <file>', implementationHelp)
    .option('--run-timeout <seconds>', runTimeoutHelp)
    .option('--call-timeout <seconds>', callTimeoutHelp)
    .action(async (what, command, options) =>
      done(await replayCommand(what, { ...options, command })),
    )
  program
    .command('record')
    .description("find a fixture's schedule anew, after the code it runs has changed")
    .argument('<fixture>')
    .action((name) => done(recordCommand(name)))
}

/** Commands about logs of real kernels. */
function addLogs(program: Command, done: Done): void {
  program
    .command('check-trace')
    .description('judge recorded logs of a kernel: ftrace text or JSON lines, plain or gzipped')
    .argument('<files...>')
    .option('--contracts <ids>', contractsHelp)
    .option(
      '--recorded <names>',
      'probes that were set, or a file of them: else those that a log shows',
    )
    .option('--kernel <version>', 'the version of the kernel that wrote them, such as 6.1')
    .option('--json', 'print the report as JSON')
    .option('--markdown', 'print what each log showed of each contract')
    .action(async (files, options) => done(await checkTraceCommand(files, options)))
}

/** Commands about recording. */
function addRecording(program: Command, done: Done): void {
  program
    .command('probes')
    .description('print the shell script that records a log for check-trace')
    .requiredOption('--kernel <version>', 'the version of the kernel, such as 6.1')
    .option('--drivers <prefixes>', 'what names of callbacks begin with, such as kvm_mmu_notifier')
    .action((options) => done(probesCommand(options)))
}

function failed(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    console.error(
      `hmm-conformance: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; see "hmm-conformance --help"`,
    )
    return usageError
  }
  if (error instanceof UsageError) {
    console.error(`hmm-conformance: ${error.message}`)
    return usageError
  }
  console.error(error instanceof WorkerLost ? `hmm-conformance: ${error.message}` : error)
  return ourFault
}
