/** How runs end, in sentences: the ways that are not well, and tasks that did not get on. */
import type { Death, End, Lost, Stall } from '../engine/events'
import type { Execution } from '../engine/run'
import { contract, type Contract } from '../spec/contract'

/** What is wrong with a run whether or not a contract objects. `nondeterminism`: taken again, it went another way. */
export type BadEnd = Exclude<End['kind'], 'done'> | Stall['kind'] | 'nondeterminism'

export const badEndKinds: readonly BadEnd[] = [
  'deadlock',
  'livelock',
  'step bound',
  'oops',
  'starvation',
  'retry storm',
  'crash',
  'hang',
  'protocol',
  'nondeterminism',
]

const endRules: Readonly<Record<Lost['kind'], string>> = {
  crash: 'what is run is gone, or used something up',
  hang: 'what is run does not answer',
  protocol: 'what is run answers what makes no sense',
}

/** Ways to end that are shrunk like what a contract objects to. */
export const endContracts: ReadonlyMap<string, Contract> = new Map(
  (['crash', 'hang', 'protocol'] as const).map((kind) => [kind, endContract(kind)]),
)

function endContract(kind: Lost['kind']): Contract {
  return contract({
    id: kind,
    binds: 'driver',
    says: endRules[kind],
    cites: [],
    minimum: { exercised: 0, witnesses: 0 },
    on: {
      run_end: (_state, { kind: ended }, _known, tell) => {
        if (ended === kind) tell.object(endRules[kind])
      },
    },
  })
}

/** What is wrong with a run, apart from what contracts say. */
export function badEndsOf({
  end,
  stalls,
}: Pick<Execution, 'end' | 'stalls'>): { kind: BadEnd; says: string }[] {
  const found = stalls.map((stall) => ({ kind: stall.kind as BadEnd, says: describeStall(stall) }))
  return end.kind === 'done' ? found : [{ kind: end.kind, says: describeEnd(end) }, ...found]
}

/** An end in a sentence. */
export function describeEnd(end: End): string {
  switch (end.kind) {
    case 'done':
      return 'the run ended well'
    case 'deadlock':
      return `deadlock: ${end.cycle.map(({ task, at, waitsFor }) => `${task} at "${at}"${waitsFor.length ? ` waits for ${waitsFor.join(', ')}` : ''}`).join('; ')}`
    case 'livelock':
      return `livelock: ${listed(end.tasks)} ${end.tasks.length === 1 ? 'repeats' : 'repeat'} the same steps under a fair schedule (${abridged(end.round)})`
    case 'step bound':
      return `not over after ${end.steps} steps`
    case 'oops':
      return end.died.map(describeDeath).join('; ')
    case 'crash':
    case 'hang':
    case 'protocol':
      return `${end.kind}: ${end.reason}`
  }
}

function describeDeath({ task, message, stack }: Death): string {
  return `${task} died: ${message}${stack.length > 0 ? ` in ${stack.join(' > ')}` : ''}`
}

/** A stall in a sentence. */
export function describeStall(stall: Stall): string {
  const { task, at, times } = stall
  const operation = stall.op < 0 ? '' : ` in its operation ${stall.op + 1}`
  const came = `${task} came ${times} times by "${at}"${operation} and did not get on`
  return stall.kind === 'starvation'
    ? `starvation: ${came}, while ${listed(stall.others)} completed operations`
    : `retry storm: ${came}, nor did anybody else`
}

const listed = (names: readonly string[]): string => names.join(', ')

const stepsShown = 6

function abridged(steps: readonly string[]): string {
  const shown = steps.slice(0, stepsShown).join('; ')
  return steps.length > stepsShown ? `${shown}; and ${steps.length - stepsShown} more` : shown
}
