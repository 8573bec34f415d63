/** The command line: arguments in, one exit code out (0 fine, 1 violation, 2 vacuous, 64 usage, 70 our fault). */
import { Command, CommanderError } from 'commander'
import { UsageError } from '../engine/errors'
import { demoCommand } from './commands/demo'
import { listCommand } from './commands/list'
import { mutantsCommand } from './commands/mutants'
import { recordCommand } from './commands/record'
import { runCommand } from './commands/run'
import { replayCommand, showCommand } from './commands/show'
import { runMsMaxDefault, WorkerLost } from './workers'

const usageError = 64
const ourFault = 70
const runTimeoutHelp = `when a single run counts as hung: ${runMsMaxDefault / 1000}, unless told`
const workersHelp = 'how many threads work at it: as many as there are cores, unless told'

export async function main(argv: readonly string[]): Promise<number> {
  let code = 0
  const done = (result: number) => {
    code = result
  }
  const program = new Command('hmm-conformance')
    .description('Judges implementations of mmu notifiers and HMM against their written rules')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  program
    .command('run')
    .description('judge the reference, or an implementation')
    .option('--implementation <file>', 'a file that exports a patchSet')
    .option('--contracts <ids>', "ids and patterns, such as 'HMM-*,MMN-03'")
    .option('--budget <schedules>', 'how many schedules to run')
    .option('--seed <number>', 'what the campaign depends on')
    .option('--workers <number>', workersHelp)
    .option('--run-timeout <seconds>', runTimeoutHelp)
    .option('--regressions <folder>', 'where known counterexamples are kept')
    .option('--save-regressions', 'keep what is found there')
    .option('--json', 'print the report as JSON')
    .action(async (options) => done(await runCommand(options)))
  program
    .command('list')
    .description('every contract, with the verdict of the last run')
    .option('--json', 'print it as JSON')
    .action((options) => done(listCommand(options)))
  program
    .command('show')
    .description('draw a fixture or a token in columns')
    .argument('<fixture-or-token>')
    .action((what) => done(showCommand(what)))
  program
    .command('replay')
    .description('run a fixture or a token again, and judge it')
    .argument('<fixture-or-token>')
    .option('--implementation <file>', 'a file that exports a patchSet')
    .option('--run-timeout <seconds>', runTimeoutHelp)
    .action(async (what, options) => done(await replayCommand(what, options)))
  program
    .command('record')
    .description("find a fixture's schedule anew, after the code it runs has changed")
    .argument('<fixture>')
    .action((name) => done(recordCommand(name)))
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
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return failed(error)
  }
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
