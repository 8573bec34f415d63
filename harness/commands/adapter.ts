/** `adapter check -- COMMAND`: whether a program can be judged at all, before it is. */
import { UsageError } from '../../engine/errors'
import { checkProgram } from '../pipe/check'
import { endConnections } from '../pipe/connection'
import { budgetsDefault, Program } from '../pipe/program'
import { callMsOf } from './options'

export interface AdapterArguments {
  /** Seconds. */
  readonly callTimeout?: string
}

/** 0 if all is well, else 1. */
export async function adapterCheckCommand(
  command: readonly string[],
  { callTimeout }: AdapterArguments,
): Promise<number> {
  if (command.length === 0)
    throw new UsageError('adapter check needs a command: "adapter check -- python3 program.py"')
  const program = new Program(command, { ...budgetsDefault, callMs: callMsOf(callTimeout) })
  try {
    const checked = checkProgram(program)
    for (const { what, isWell, says } of checked)
      console.log(`${isWell ? 'ok  ' : 'FAIL'}  ${what}: ${says}`)
    const failed = checked.filter(({ isWell }) => !isWell).length
    console.log(
      failed === 0
        ? `\n${program.hello.name} can be judged: hmm-conformance run -- ${command.join(' ')}`
        : `\n${failed} of ${checked.length} checks failed`,
    )
    return failed === 0 ? 0 : 1
  } finally {
    await endConnections()
  }
}
