/** From a failing run to the smallest one that fails in the same way, and how it is shown. */
import type { Execute } from '../engine/attempts'
import { recorded } from '../engine/choice'
import { wrap } from '../engine/columns'
import type { Simplicity } from '../engine/cost'
import { minimise, type MinimiseOptions } from '../engine/minimise'
import type { Execution } from '../engine/run'
import type { Patch } from '../engine/symbol'
import type { Contract } from '../spec/contract'
import { judgeOf, objectingTo } from '../spec/judge'
import type { Failure } from './campaign'
import { kernelFor, kernelObservingAll } from './campaign'
import { insightOf, sentencesOf, stepsNamed, type Insight } from './insight'
import { sourceOf } from './sources'
import { columnName, storyLinesMax, tell } from './story'
import { subjectFromCommand, type Subject } from './subject'
import { stepsDigest, toToken } from './token'
import { rankOf, simplerCases } from './simpler'
import { alternatives } from './alternatives'
import { firstTask, runWorkload, type Workload } from './workload'
import { parseWorld, worldText } from './world'

export interface Counterexample {
  readonly contract: string
  readonly token: string
  readonly operations: number
  readonly preemptions: number
  /** Runs that the search took, and schedules that certify that nothing smaller fails. */
  readonly searched: number
  readonly certificate: { readonly certified: boolean; readonly schedules: number }
  readonly workload: Workload
  readonly choices: readonly number[]
  readonly says: string
  /** Its size, and what is claimed of it. */
  readonly claimed: string
  /** What it depends on, unless nobody wanted to know. */
  readonly insight: Insight | null
  /** Who objects to this run, as far as it was asked: its own contract first. */
  readonly breaks: readonly Broken[]
  readonly text: string
}

/** What a contract says to a run, in lines. */
export interface Broken {
  readonly contract: string
  readonly verdict: readonly string[]
}

export interface ShrinkOptions extends Pick<MinimiseOptions, 'budget' | 'certifyBudget'> {
  /** Whether to look for what it depends on, which takes some thousand runs: true unless told. */
  readonly insight?: boolean
  /** The same subject, whose calls may take less: candidates are tried with it, and what comes of them without. */
  readonly hurried?: readonly Patch[]
}

/** Runs cases, and asks one contract. */
function executing(contract: Contract, patches: readonly Patch[]): Execute {
  const judge = judgeOf([contract])
  const kernel = kernelFor(judge, patches)
  return (tried, choice) => {
    const execution = runWorkload(
      kernel,
      { world: parseWorld(tried.world), tasks: tried.tasks },
      choice,
      { labels: true },
    )
    return { execution, failed: judge.judge(execution.events)[0]!.objections.length > 0 }
  }
}

/** Runs over a pipe take longer than in process, and a run that hangs takes as long as a call may. */
const effortOverAPipe: ShrinkOptions = { insight: false, budget: 600, certifyBudget: 600 }
const effortWhenItHangs: ShrinkOptions = { insight: false, budget: 60, certifyBudget: 1 }

/** What has not answered for so long, in milliseconds, is taken for one that hangs until there is nothing smaller. */
const hurriedMs = 300

/** What shrinking a failure of this contract may take. */
export function effortOn({ program }: Pick<Subject, 'program'>, contract: string): ShrinkOptions {
  if (!program) return {}
  if (contract !== 'hang') return effortOverAPipe
  const callMs = Math.min(program.callMs, hurriedMs)
  return { ...effortWhenItHangs, hurried: subjectFromCommand({ ...program, callMs }).patches }
}

const simplicity: Simplicity = { simpler: simplerCases, alternatives, rank: rankOf }

/** Shrinks a failure of `contract`, world and all. */
export function shrink(
  contract: Contract,
  failure: Failure,
  patches: readonly Patch[],
  boot: string,
  { insight = true, hurried = patches, ...effort }: ShrinkOptions = {},
): Counterexample {
  const execute = executing(contract, hurried)
  const { world, tasks } = failure.workload
  const options = { ...simplicity, firstTask, ...effort }
  const start = { world: worldText(world), tasks }
  const { execution } = execute(start, recorded(failure.choices))
  const minimal = minimise(execute, start, execution, options)
  const holds = () => executing(contract, patches)(minimal.case, recorded(minimal.choices)).failed
  if (hurried !== patches && !holds()) return tellAsMet(contract, failure, patches, boot)
  return describe(
    contract,
    {
      workload: { world: parseWorld(minimal.case.world), tasks: minimal.case.tasks },
      choices: minimal.choices,
      certificate: minimal.certificate,
      searched: minimal.executions,
      insight,
    },
    patches,
    boot,
  )
}

/** A failure as it was met, where nothing smaller can be looked for. */
export function tellAsMet(
  contract: Contract,
  { workload, choices }: Failure,
  patches: readonly Patch[],
  boot: string,
): Counterexample {
  const found = { workload, choices, certificate: null, searched: 1, insight: false }
  return describe(contract, { ...found, claim: 'as it was met' }, patches, boot)
}

/** A counterexample, and its run as those of the other contracts tell it that object to it too. */
export function shared(
  found: Counterexample,
  others: readonly Contract[],
  patches: readonly Patch[],
  boot: string,
): Counterexample[] {
  const { workload, choices } = found
  const execution = runWorkload(kernelObservingAll(patches), workload, recorded(choices))
  const objecting = objectingTo(execution.events, others)
  const claim = `the smallest that breaks ${found.contract}`
  const run = { workload, choices, certificate: null, searched: 1, insight: false, claim }
  const all = [found, ...objecting.map(({ contract }) => describe(contract, run, patches, boot))]
  const breaks = all.flatMap((one) => one.breaks)
  return all.map((one) => ({ ...one, breaks }))
}

interface Found {
  readonly workload: Workload
  readonly choices: readonly number[]
  readonly certificate: Counterexample['certificate'] | null
  readonly searched: number
  /** What is said of its size, unless the certificate does. */
  readonly claim?: string
  /** Whether to look for what it depends on. */
  readonly insight: boolean
}

/** Runs it once more with everything observed, and tells it. */
export function describe(
  contract: Contract,
  found: Found,
  patches: readonly Patch[],
  boot: string,
): Counterexample {
  const { workload, choices } = found
  const execution = runWorkload(kernelObservingAll(patches), workload, recorded(choices), {
    labels: true,
  })
  const objection = judgeOf([contract]).judge(execution.events)[0]!.objections[0]!
  const certificate = found.certificate ?? { certified: false, schedules: 0 }
  const token = toToken({ boot, workload, choices, digest: stepsDigest(execution) })
  const operations = workload.tasks.reduce((sum, { ops }) => sum + ops.length, 0)
  const { preemptions } = execution
  const insight = found.insight ? look(contract, found, patches, execution, objection.at) : null
  const numbered = insight ? stepsNamed(insight) : []
  const says = withNames(objection.says, execution.tasks)
  const verdict = [
    ...wrap(`=> ${contract.id}: ${says}`, '   '),
    ...indented(contract.says),
    ...contract.cites.slice(0, 1).flatMap((cite) => indented(`(${sourceOf(cite)})`)),
  ]
  const claimed = `${sizeText({ operations, preemptions })}; ${found.claim ?? claim(found.certificate, preemptions)}`
  const text = [
    ...tell(execution, contract, { linesMax: storyLinesMax, until: objection.at, numbered }),
    ...verdict,
    ...(insight ? sentencesOf(insight).flatMap(indented) : []),
    ...indented(claimed),
    `   ${token}`,
  ].join('\n')
  return {
    contract: contract.id,
    token,
    operations,
    preemptions,
    searched: found.searched,
    certificate,
    workload,
    choices,
    says,
    claimed,
    insight,
    breaks: [{ contract: contract.id, verdict }],
    text,
  }
}

function look(
  contract: Contract,
  { workload: { world, tasks }, choices }: Found,
  patches: readonly Patch[],
  told: Execution,
  objectedAt: number,
): Insight {
  const execute = executing(contract, patches)
  const tried = { world: worldText(world), tasks }
  const { execution } = execute(tried, recorded(choices))
  const steps = told.events[objectedAt]!.step + 1
  return insightOf(execute, { case: tried, execution }, told, steps)
}

/** Contracts know tasks by number; readers know them by the heading of their column. */
export function withNames(says: string, tasks: readonly string[]): string {
  return says.replace(/\btask (\d+)\b/g, (_, id: string) => columnName(tasks[Number(id)] ?? id))
}

/** Prose under the verdict, three characters in. */
function indented(prose: string): string[] {
  const [first, ...words] = prose.split(' ')
  return wrap([`   ${first}`, ...words].join(' '), '   ')
}

export function sizeText({
  operations,
  preemptions,
}: Pick<Counterexample, 'operations' | 'preemptions'>): string {
  return `${operations} operation${operations === 1 ? '' : 's'}, ${preemptions} preemption${preemptions === 1 ? '' : 's'}`
}

function claim(certificate: Found['certificate'], preemptions: number): string {
  if (!certificate) return 'replayed'
  if (!certificate.certified) return 'not certified: budget'
  const fewer = preemptions === 0 ? 'no smaller workload fails' : 'fewer of either pass'
  return `${fewer} (${certificate.schedules} schedules tried)`
}
