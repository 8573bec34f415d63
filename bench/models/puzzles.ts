/**
 * The puzzles, each a textbook defect. All have operations that the failure does not need, and all can
 * fail again after a harmless pass, so that long workloads fail too.
 */
import { drop, lockNamed, take, type Lock } from '../../engine/fixtures/toy'
import { point, until, type Task } from '../../engine/task'
import { puzzle, type Puzzle } from './puzzle'

/** An increment in two steps: one is lost when another falls between them. */
const lostUpdate = puzzle<{ counter: number; increments: number }>({
  name: 'lost update',
  ops: ['add', 'look', 'rest'],
  make: () => ({ counter: 0, increments: 0 }),
  *operate(state, op): Task<void> {
    if (op !== 'add') return void (yield* point(op))
    const read = state.counter
    yield* point('write')
    state.counter = read + 1
    state.increments++
  },
  broken: ({ counter, increments }) => counter < increments,
})

/** A stack whose pop compares heads: it is fooled by a head that went away and came back. */
const aba = puzzle<{ stack: string[]; held: string[]; corrupt: boolean }>({
  name: 'ABA stack',
  ops: ['pop', 'push', 'look'],
  make: () => ({ stack: ['c', 'b', 'a'], held: [], corrupt: false }),
  *operate(state, op): Task<void> {
    if (op === 'look') return void (yield* point('look'))
    if (op === 'push') {
      // The node popped first comes back first.
      const node = state.held.shift()
      if (node !== undefined) state.stack.push(node)
      return
    }
    const [next, head] = [state.stack.at(-2), state.stack.at(-1)]
    yield* point('swap')
    if (head === undefined || state.stack.at(-1) !== head) return
    if (next !== state.stack.at(-2)) state.corrupt = true
    state.stack.pop()
    state.held.push(head)
  },
  broken: ({ corrupt }) => corrupt,
})

interface Handshake {
  phase: 'idle' | 'offered' | 'answered' | 'confirmed'
  open: boolean
  bound: boolean
  broken: boolean
}

const isIn = (state: Handshake, phase: Handshake['phase']): boolean => state.phase === phase

/** True if an answer lies within an offer and the offer's confirmation within the answer. */
function* shakeHands(state: Handshake, op: 'offer' | 'answer'): Task<boolean> {
  if (op === 'offer') {
    if (!isIn(state, 'idle')) return false
    state.phase = 'offered'
    yield* point('confirm')
    state.phase = isIn(state, 'answered') ? 'confirmed' : 'idle'
    return false
  }
  if (!isIn(state, 'offered')) return false
  state.phase = 'answered'
  yield* point('use')
  const early = isIn(state, 'confirmed')
  state.phase = 'idle'
  return early
}

const handshakeAtRest = (): Handshake => ({
  phase: 'idle',
  open: false,
  bound: false,
  broken: false,
})

/** An order that takes two preemptions, one within the other. */
const handshake = puzzle<Handshake>({
  name: 'handshake',
  ops: ['answer', 'look', 'offer', 'rest'],
  make: handshakeAtRest,
  *operate(state, op): Task<void> {
    if (op !== 'offer' && op !== 'answer') return void (yield* point(op))
    if (yield* shakeHands(state, op)) state.broken = true
  },
  broken: (state) => state.broken,
})

/** The same where a line must be opened before, and the harm shows when it is closed. */
const chain = puzzle<Handshake>({
  name: 'chain',
  ops: ['answer', 'close', 'look', 'offer', 'open', 'rest'],
  make: handshakeAtRest,
  *operate(state, op): Task<void> {
    if (op === 'open') state.open = true
    else if (op === 'close') {
      if (state.bound) state.broken = true
      state.open = false
    } else if (op !== 'offer' && op !== 'answer') yield* point(op)
    else if (state.open && (yield* shakeHands(state, op))) state.bound = true
  },
  broken: (state) => state.broken,
})

/** Operations such as `ab` lock what they name, in that order. */
function lockOrder(name: string, ops: readonly string[]): Puzzle {
  return puzzle<Map<string, Lock>>({
    name,
    ops,
    make: () => new Map(['a', 'b', 'c'].map((letter) => [letter, lockNamed(letter)])),
    *operate(locks, op): Task<void> {
      const wanted = [...op].flatMap((letter) => locks.get(letter) ?? [])
      if (wanted.length < op.length) return void (yield* point(op))
      for (const lock of wanted) yield* take(lock)
      wanted.forEach(drop)
    },
    broken: () => false,
    badEnd: 'deadlock',
  })
}

/** Checks a quota and then a permission, and relies on both when they may have gone. */
const twoChecks = puzzle<{ full: boolean; allowed: boolean; broken: boolean }>({
  name: 'two checks',
  ops: ['drain', 'fill', 'grant', 'look', 'revoke', 'use'],
  make: () => ({ full: false, allowed: true, broken: false }),
  *operate(state, op): Task<void> {
    if (op === 'fill' || op === 'drain') state.full = op === 'fill'
    else if (op === 'grant' || op === 'revoke') state.allowed = op === 'grant'
    else if (op === 'look') yield* point('look')
    else {
      if (state.full) return
      yield* point('check permission')
      if (!state.allowed) return
      yield* point('rely on both')
      if (state.full && !state.allowed) state.broken = true
    }
  },
  broken: (state) => state.broken,
})

interface Waiter {
  woken: boolean
}

/** A buffer of one place: who waited for it does not look again after waking. */
const boundedBuffer = puzzle<{ items: number; overfull: boolean; putters: Waiter[] }>({
  name: 'bounded buffer',
  ops: ['get', 'look', 'put', 'rest'],
  make: () => ({ items: 0, overfull: false, putters: [] }),
  *operate(state, op): Task<void> {
    if (op === 'put') {
      if (state.items === 1) {
        const waiter = { woken: false }
        state.putters.push(waiter)
        yield* until('wait for', 'space', () => waiter.woken)
      }
      if (++state.items > 1) state.overfull = true
    } else if (op === 'get') {
      if (state.items === 0) return
      state.items--
      const waiter = state.putters.shift()
      if (waiter) waiter.woken = true
    } else yield* point(op)
  },
  broken: ({ overfull }) => overfull,
})

interface Counted {
  refs: number
  freed: boolean
}

/** A reference is dropped in one step and whether it was the last is asked in another. */
const refcount = puzzle<{ object: Counted | null; freedTwice: boolean }>({
  name: 'refcount',
  ops: ['alloc', 'get', 'look', 'put'],
  make: () => ({ object: null, freedTwice: false }),
  *operate(state, op): Task<void> {
    const { object } = state
    const live = object !== null && object.refs > 0
    if (op === 'look') return void (yield* point('look'))
    if (op === 'alloc') {
      if (!live) state.object = { refs: 1, freed: false }
    } else if (!live) return
    else if (op === 'get') object.refs++
    else {
      object.refs--
      yield* point('free if last')
      if (object.refs > 0) return
      if (object.freed) state.freedTwice = true
      object.freed = true
    }
  },
  broken: ({ freedTwice }) => freedTwice,
})

/** Two fields and a version that the writer moves only when both are written. */
const tornRead = puzzle<{ left: number; right: number; version: number; torn: boolean }>({
  name: 'torn read',
  ops: ['look', 'read', 'rest', 'write'],
  make: () => ({ left: 0, right: 0, version: 0, torn: false }),
  *operate(state, op): Task<void> {
    if (op === 'write') {
      const next = state.version + 1
      state.left = next
      yield* point('write right')
      state.right = next
      yield* point('move version')
      state.version = next
    } else if (op === 'read') {
      const { left, version } = state
      yield* point('read right')
      const { right } = state
      yield* point('check version')
      if (state.version === version && left !== right) state.torn = true
    } else yield* point(op)
  },
  broken: ({ torn }) => torn,
})

export const puzzles: readonly Puzzle[] = [
  lostUpdate,
  aba,
  handshake,
  chain,
  lockOrder('two locks', ['a', 'ab', 'b', 'ba', 'look']),
  lockOrder('three locks', ['ab', 'bc', 'ca', 'look']),
  twoChecks,
  boundedBuffer,
  refcount,
  tornRead,
]
