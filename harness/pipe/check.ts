/** What a program must do before it can be judged, tried one by one: a list that a person can act on. */
import { isEqual } from 'lodash'
import { Gone } from '../../engine/errors'
import type { Execution } from '../../engine/run'
import { roundRobin } from '../../engine/strategies/round-robin'
import type { AnySymbol, Kernel } from '../../engine/symbol'
import { sampleWorkloads } from '../arbitrary'
import { kernelObservingAll } from '../campaign'
import { badEndsOf } from '../ends'
import { hiddenBy, setNamesOverPipe, setsOf, symbolsNamed } from '../sets'
import { runWorkload, type Workload } from '../workload'
import type { Program } from './program'
import { remotePatches } from './remote'

export interface Checked {
  readonly what: string
  readonly isWell: boolean
  /** What came of it; if it is not well, the mend too. */
  readonly says: string
}

const cannedRuns = 20
const restarts = 5
const cannedSeed = 20_190_610
const largest = '0xffffffffffffffff'

/** Tries a program out. It is started anew where it was lost over something. */
export function checkProgram(program: Program): Checked[] {
  const { name, version, implements: claims, shows, threads } = program.hello
  const symbols = symbolsNamed(claims, setNamesOverPipe)
  hiddenBy(setsOf(symbols), shows)
  const kernel = kernelObservingAll(remotePatches(program, symbols))
  const workloads = sampleWorkloads(cannedSeed, cannedRuns)
  const begin = (): void => program.restart()
  return [
    {
      what: 'hello',
      isWell: true,
      says: `${name} ${version} implements ${claims.join(', ')}; ${threads ? 'several threads' : 'one thread'} in flight`,
    },
    tried('a 64-bit value', 'comes back as it was', begin, () => {
      const echoed = program.echo(largest)
      return echoed === largest ? null : `${largest} came back as ${JSON.stringify(echoed)}`
    }),
    tried('an unknown member', 'is ignored', begin, () => {
      program.probe({ type: 'echo', value: 7, colour: 'red' }, ['echo'])
      return null
    }),
    tried('an unknown message', 'is refused, and the next one answered', begin, () => {
      program.probe({ type: 'paint', colour: 'red' }, ['error'])
      program.echo(7)
      return null
    }),
    tried(`${cannedRuns} runs`, 'end well', begin, () => wrongIn(kernel, symbols, workloads)),
    tried('the same run twice', 'is the same', begin, () => {
      const different = workloads.some((workload) => !isSame(kernel, workload, () => undefined))
      return different
        ? 'the same choices lead elsewhere: let nothing hang on chance or time'
        : null
    }),
    tried('a kill and a restart', 'change nothing', begin, () => {
      const kill = (): void => program.end()
      const few = workloads.slice(0, restarts)
      const different = few.some((workload) => !isSame(kernel, workload, kill))
      return different ? 'after a restart the same choices lead elsewhere' : null
    }),
  ]
}

function tried(
  what: string,
  well: string,
  begin: () => void,
  attempt: () => string | null,
): Checked {
  try {
    begin()
    const wrong = attempt()
    return { what, isWell: wrong === null, says: wrong ?? well }
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    return { what, isWell: false, says: `${error.kind}: ${error.message}; see docs/protocol.md` }
  }
}

/** The first run that does not end well; or that it was never asked. */
function wrongIn(
  kernel: Kernel,
  symbols: readonly AnySymbol[],
  workloads: readonly Workload[],
): string | null {
  const names = new Set(symbols.map(({ slot }) => slot.name))
  let calls = 0
  for (const [i, workload] of workloads.entries()) {
    const execution = taken(kernel, workload)
    calls += execution.events.filter(({ symbol }) => names.has(symbol)).length
    const [end] = badEndsOf(execution)
    if (end) return `run ${i + 1} did not end well: ${end.says}`
  }
  return calls > 0 ? null : 'nothing of what it implements was called in them'
}

function isSame(kernel: Kernel, workload: Workload, between: () => void): boolean {
  const once = taken(kernel, workload)
  between()
  const again = taken(kernel, workload)
  return isEqual(once.events, again.events) && isEqual(once.steps, again.steps)
}

const taken = (kernel: Kernel, workload: Workload): Execution =>
  runWorkload(kernel, workload, roundRobin(cannedSeed))
