/** `show` and `replay`: a fixture or a token, run again exactly, and told in columns. */
import { UsageError } from '../../engine/errors'
import { describeEnd } from '../ends'
import { exported, exportFormats } from '../export/formats'
import { runSection } from '../html/section'
import { writePage } from '../html/page'
import { contracts } from '../registry'
import { replay, retell, type Retold } from '../replay'
import { tell } from '../story'
import { withWorkers, WorkerLost } from '../workers'
import { isForeign, type Foreign } from '../subject'
import { foreignOf, runMsMaxOf, type SubjectArguments } from './options'

const linesMax = 200

export interface ReplayArguments extends SubjectArguments {
  /** Seconds. */
  readonly runTimeout?: string
}

export interface ShowArguments {
  /** File to write a page to. */
  readonly html?: string
  /** One of {@link exportFormats}. */
  readonly export?: string
}

/** Draws the whole run, or writes it for use elsewhere. */
export function showCommand(what: string, { html, export: format }: ShowArguments): number {
  if (format !== undefined && html !== undefined)
    throw new UsageError('--html and --export are two ways to show a run; choose one')
  if (format !== undefined && !exportFormats.includes(format))
    throw new UsageError(`there is no export "${format}"; there are ${exportFormats.join(', ')}`)
  const replayed = replay(what, {})
  if (format !== undefined) {
    console.log(exported(replayed, format))
    return 0
  }
  const { execution, token } = replayed
  if (html !== undefined) {
    const run = { execution, contracts, insight: null, claim: 'replayed', token }
    writePage(html, what, [runSection(run)])
    return 0
  }
  for (const line of tell(execution, null, { linesMax, until: execution.events.length }))
    console.log(line)
  console.log(`=> ${describeEnd(execution.end)}`)
  return 0
}

/** Runs it again and shows what each contract objects to; 1 if one does, or if it does not end well. */
export async function replayCommand(what: string, args: ReplayArguments): Promise<number> {
  const foreign = foreignOf(args)
  const { lines, failed } = isForeign(foreign)
    ? await retellApart(what, foreign, runMsMaxOf(args.runTimeout))
    : retell(what, {})
  for (const line of lines) console.log(line)
  return failed ? 1 : 0
}

/** In a thread of its own: the run may be one that does not come back. */
function retellApart(what: string, foreign: Foreign, runMsMax: number): Promise<Retold> {
  return withWorkers({ workers: 1, apart: true, runMsMax }, async (ask) => {
    try {
      return await ask('retell', { what, foreign })
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error
      return { lines: [`=> ${error.outcome}`], failed: true }
    }
  })
}
