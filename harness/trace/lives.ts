/** One life of an address space as a log shows it, and the objects that addresses stand for in it. */
import type { LogLine } from './line'
import type { Names } from './known-probes'

export interface Life {
  /** Counted from 1 in the order in which lives begin. */
  readonly number: number
  /** Of the mm_struct. */
  readonly address: string
  /** Positions of events, counted in this life. */
  at: number
  /** The last line that was about it. */
  last: LogLine | null
  readonly notifiers: Map<string, string>
  readonly intervals: Map<string, string>
  /** By task and address of the descriptor, the latest pass. */
  readonly passes: Map<string, LifePass>
  /** Ops that each notifier was seen to have. */
  readonly ops: Set<string>
  /** Symbols and returns of which the log surely lacks one. */
  readonly holes: Set<string>
  /** Ids of passes that are over, and of tasks that are gone. */
  readonly freePasses: string[]
  notifierCount: number
  intervalCount: number
  passCount: number
}

interface LifePass {
  readonly id: string
  readonly task: number
  state: 'open' | 'refused' | 'over'
}

export function beginLife(number: number, address: string): Life {
  const empty = {
    notifiers: new Map(),
    intervals: new Map(),
    passes: new Map(),
    ops: new Set<string>(),
  }
  const counts = { at: 0, notifierCount: 0, intervalCount: 0, passCount: 0 }
  const sets = { holes: new Set<string>(), freePasses: [] }
  return { number, address, last: null, ...empty, ...sets, ...counts }
}

/** How a task's lines name what a life has. */
export function namesIn(life: Life, task: number): Names {
  return {
    mm: 'mm:1',
    mn: (address) => {
      let mn = life.notifiers.get(address)
      if (!mn) life.notifiers.set(address, (mn = `mn:${++life.notifierCount}`))
      return mn
    },
    interval: (address) => {
      let interval = life.intervals.get(address)
      if (!interval) life.intervals.set(address, (interval = `interval:${++life.intervalCount}`))
      return interval
    },
    pass: (address) => (life.passes.get(keyOf(task, address)) ?? newPass(life, address, task)).id,
  }
}

/** A pass begins: its descriptor is another one's from now on. An id is used again once its pass is over. */
export function noteStart(life: Life, address: string | undefined, task: number): void {
  if (address === undefined) return
  const known = life.passes.get(keyOf(task, address))
  if (known && known.state !== 'open') known.state = 'open'
  else newPass(life, address, task)
}

/** A pass ends. An end of a pass that has had one is an end of none. */
export function noteEnd(life: Life, address: string | undefined, task: number): void {
  if (address === undefined) return
  const known = life.passes.get(keyOf(task, address))
  if (known && known.state !== 'over') known.state = 'over'
  else newPass(life, address, task).state = 'over'
}

export function noteRefusal(life: Life, told: object): void {
  const { pass, blockable } = told as { pass: string; blockable: boolean }
  for (const known of life.passes.values())
    if (known.id === pass && !blockable) known.state = 'refused'
}

/** A task is gone. What it left open stays so for ever; ids of what is over are given again. */
export function abandonPasses(life: Life, task: number): void {
  for (const [key, pass] of life.passes) {
    if (pass.task !== task) continue
    life.passes.delete(key)
    if (pass.state !== 'open') life.freePasses.push(pass.id)
  }
}

function newPass(life: Life, address: string, task: number): LifePass {
  const id = life.freePasses.pop() ?? `pass:${++life.passCount}`
  const pass: LifePass = { id, task, state: 'open' }
  life.passes.set(keyOf(task, address), pass)
  return pass
}

function keyOf(task: number, address: string): string {
  return `${task} ${address}`
}
