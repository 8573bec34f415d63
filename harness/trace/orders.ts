/**
 * Other orders in which the events of a log may have happened.
 *
 * What a call does lies somewhere between its entry and its return. Each task's events keep their order, and what
 * returned before something else began came before it; apart from that the order of lines says nothing.
 */
import type { Event } from '../../engine/events'
import { random as randomOf, type Random } from '../../engine/random'

/** Orders of `events` that the log allows, the extreme ones first; positions are given anew. */
export function* ordersOf(events: readonly Event[], count: number): Generator<readonly Event[]> {
  for (const favours of [returnsEarly, entriesEarly]) yield orderOf(events, favours)
  const random = randomOf(1)
  for (let made = 2; made < count; made++) yield orderOf(events, atRandom(random))
}

/** Which of the events that may come next does: an index. */
type Favours = (ready: readonly Event[]) => number

const returnsEarly: Favours = (ready) => Math.max(0, ready.findIndex(isReturn))
const entriesEarly: Favours = (ready) =>
  Math.max(
    0,
    ready.findIndex((event) => !isReturn(event)),
  )

function atRandom(random: Random): Favours {
  // A task that goes on for a while brings orders about that single steps hardly ever would.
  let task = -1
  return (ready) => {
    const same = ready.findIndex((event) => event.task === task)
    if (same >= 0 && random(4) > 0) return same
    const index = random(ready.length)
    task = ready[index]!.task
    return index
  }
}

function orderOf(events: readonly Event[], favours: Favours): readonly Event[] {
  const queues = queuesOf(events)
  const order: Event[] = []
  const positions = new Map<number, number>()
  for (let left = events.length; left > 0; left--) {
    const ready = readyOf(queues)
    const event = ready[favours(ready)]!
    queues.get(event.task)!.next++
    const at = order.length
    positions.set(event.at, at)
    order.push({ ...event, at, entry: positions.get(event.entry) ?? at })
  }
  return order
}

interface Queue {
  readonly events: readonly Event[]
  /** For each event, the line of the first return from it on; infinite if none follows. */
  readonly returns: readonly number[]
  next: number
}

function queuesOf(events: readonly Event[]): ReadonlyMap<number, Queue> {
  const byTask = new Map<number, Event[]>()
  for (const event of events) {
    const known = byTask.get(event.task)
    if (known) known.push(event)
    else byTask.set(event.task, [event])
  }
  const queues = new Map<number, Queue>()
  for (const [task, own] of byTask) {
    const returns: number[] = []
    for (let index = own.length - 1; index >= 0; index--)
      returns[index] = isReturn(own[index]!) ? own[index]!.at : (returns[index + 1] ?? Infinity)
    queues.set(task, { events: own, returns, next: 0 })
  }
  return queues
}

/** Heads of queues of which everything that surely came before has come. */
function readyOf(queues: ReadonlyMap<number, Queue>): Event[] {
  const heads: Event[] = []
  let lowest = Infinity
  for (const { events, returns, next } of queues.values()) {
    if (next >= events.length) continue
    heads.push(events[next]!)
    lowest = Math.min(lowest, returns[next]!)
  }
  // An entry waits for the returns that came before it, and the end of the run for everything.
  const ready = heads.filter((head) => isReturn(head) || (head.at < lowest && !isLast(head)))
  return ready.length > 0 ? ready : heads
}

const isReturn = ({ phase }: Event): boolean => phase === 'return'
const isLast = ({ symbol }: Event): boolean => symbol === 'run_end'
