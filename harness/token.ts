/**
 * Replay tokens: a run in one line, with nothing to look up and no seed.
 *
 * `hmm1~boot~world~tasks~choices~digest`: which patch set was booted (`reference`, or a mutant's name),
 * the workload, what was picked where there was a choice, and a digest of the steps that makes a replay
 * notice that the code has changed.
 */
import { recorded } from '../engine/choice'
import { UsageError } from '../engine/errors'
import type { Execution } from '../engine/run'
import type { Kernel } from '../engine/symbol'
import { decodeChoices, digest, encodeChoices } from '../engine/token'
import { parseWorkload, runWorkload, workloadText, type Workload } from './workload'

const version = 'hmm1'
/** In place of a digest where a run has no last step: it crashed or did not come back. */
export const endlessDigest = 'ffffffff'

export interface Replayable {
  /** `reference`, a mutant's name, or an implementation's. */
  readonly boot: string
  readonly workload: Workload
  readonly choices: readonly number[]
  /** Of the labels of all steps. */
  readonly digest: string
}

export function toToken({ boot, workload, choices, digest }: Replayable): string {
  return [version, boot, workloadText(workload), encodeChoices(choices), digest].join('~')
}

export function parseToken(token: string): Replayable {
  const [found, boot, world, tasks, choices, digest, ...rest] = token.split('~')
  if (found !== version)
    throw new UsageError(
      `"${token}" is no token of this version; one begins with ${version}~ and is printed under a counterexample`,
    )
  if (digest === undefined || rest.length > 0 || !/^[0-9a-f]{8}$/.test(digest))
    throw new UsageError(`the token "${token}" is cut off or damaged; copy the whole line`)
  return {
    boot: boot!,
    workload: parseWorkload(world!, tasks!),
    choices: decodeChoices(choices!),
    digest,
  }
}

/** A digest of every step's label, which changes when the code takes other steps. */
export function stepsDigest(execution: Execution): string {
  return digest(execution.steps.map(({ option, label }) => `${option}:${label}`).join('\n'))
}

/** Runs exactly what was recorded, or says how it differs now. */
export function replayStrictly(
  kernel: Kernel,
  { workload, choices, digest }: Replayable,
): Execution {
  const execution = runWorkload(kernel, workload, recorded(choices), { labels: true })
  const outOfRange = choices.findIndex(
    (choice, i) => choice >= (execution.widths[i] ?? 0) && choice !== 0,
  )
  if (outOfRange >= 0)
    throw new UsageError(
      `the schedule no longer fits: choice ${outOfRange + 1} picks option ${choices[outOfRange]} of ${execution.widths[outOfRange] ?? 0}; find the failure again with "run"`,
    )
  const now = stepsDigest(execution)
  if (now !== digest && digest !== endlessDigest)
    throw new UsageError(
      `the same choices now lead to other steps (${now}, recorded ${digest}); find the failure again with "run"`,
    )
  return execution
}
