/**
 * Values on their way to a program and back. Objects cross as handles, which are their ids in events; errors
 * by their names, numbers that 32 bits do not hold as strings of hexadecimal digits.
 */
import { Gone } from '../../engine/errors'
import { id } from '../../engine/ids'
import type { Result } from '../../engine/observed-call'
import { POISON_INUSE } from '../../reference/kernel/slab'
import * as types from '../../spec/headers/types'
import type { Wire } from './messages'

/** Errors by name, and names by error. */
const errnos = new Map(
  Object.entries(types).filter(([name]) => /^E[A-Z]+$/.test(name)) as [string, number][],
)
const errnoNames = new Map([...errnos].map(([name, number]) => [number, name]))
const numberMax = 2 ** 32

/** What a function of a program is called like: code that may be interleaved or one step, and what it returns. */
export interface Called {
  readonly task: boolean
  readonly result: Result<any> | null
}

/** A program's own function, as the kernel calls it. */
export type FunctionOf = (name: string, called: Called) => unknown

/** The objects of one run that a program has been given. */
export class Objects {
  private readonly byHandle = new Map<string, object>()

  /** `kernel` has what there is one of. */
  constructor(readonly kernel: object) {
    this.byHandle.set('kernel', kernel)
    this.byHandle.set('POISON_INUSE', POISON_INUSE)
  }

  /** `kind` names an object that has no kind of its own. */
  handleOf(object: object, kind: string): string {
    if (object === (POISON_INUSE as object)) return 'POISON_INUSE'
    const handle = id(kind, object)
    this.byHandle.set(handle, object)
    return handle
  }

  object(handle: string): object {
    const object = this.byHandle.get(handle)
    if (object) return object
    throw new Gone('protocol', `it names ${handle}, which it was not given in this run`)
  }

  toWire(value: unknown, kind = 'object'): Wire {
    if (value === undefined || value === null) return null
    switch (typeof value) {
      case 'boolean':
        return value
      case 'number':
        return numberToWire(value)
      case 'string':
        return { text: value }
      case 'object':
        return isNumbers(value) ? value.map(numberToWire) : this.handleOf(value, kind)
      case 'function':
        return this.handleOf(value, 'function')
      default:
        throw new Gone('protocol', `it asks for a ${typeof value}, which cannot cross`)
    }
  }

  /** `functionOf` says what a function of the program is called like where it is given. */
  fromWire(wire: Wire, functionOf?: (name: string) => unknown): unknown {
    if (typeof wire === 'string') return numberFromWire(wire) ?? this.object(wire)
    if (typeof wire !== 'object' || wire === null) return wire
    if (isList(wire)) return wire.map((one) => this.fromWire(one))
    if ('text' in wire) return wire.text
    if ('struct' in wire) return this.structOf(wire.struct)
    if ('fn' in wire && functionOf) return functionOf(wire.fn)
    throw new Gone('protocol', `it sent ${JSON.stringify(wire)} where none is expected`)
  }

  private structOf(fields: Readonly<Record<string, Wire>>): object {
    return Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, this.fromWire(v)]))
  }
}

/** A number that is a text on the wire; null if the text is none. */
export function numberFromWire(text: string): number | null {
  if (text.startsWith('-E')) {
    const errno = errnos.get(text.slice(1))
    if (errno !== undefined) return -errno
    throw new Gone('protocol', `it sent ${text}, which is no error that we know`)
  }
  if (!text.startsWith('0x')) return null
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new Gone('protocol', `it sent ${text}: nothing here is larger than 0x1fffffffffffff`)
}

export function numberToWire(value: number): Wire {
  if (value < 0 && errnoNames.has(-value)) return `-${errnoNames.get(-value)}`
  return Math.abs(value) < numberMax ? value : `0x${value.toString(16)}`
}

/** Lists of objects have an identity and cross as handles; empty ones too. */
function isNumbers(value: object): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number')
}

const isList = (wire: Wire): wire is readonly Wire[] => Array.isArray(wire)
