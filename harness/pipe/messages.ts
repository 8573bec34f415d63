/**
 * The lines of the protocol, and whether one is well formed. A line of ours that is not is our own fault; one
 * of the program is the program's, and says which part of it.
 */
import Ajv, { type ValidateFunction } from 'ajv'
import { once } from 'lodash'
import schema from '../../docs/schemas/protocol.schema.json'
import { EngineError, Gone } from '../../engine/errors'

export const protocolVersion = 1

/** A value as it crosses: see `values.ts`. */
export type Wire =
  | null
  | boolean
  | number
  | string
  | readonly Wire[]
  | { readonly text: string }
  | { readonly fn: string }
  | { readonly struct: Readonly<Record<string, Wire>> }
  | { readonly ops: string; readonly functions: Readonly<Record<string, string>> }
  | { readonly has: readonly string[]; readonly table: string }

/** Where a call is made from: what it may do there. */
export type Context = 'may_sleep' | 'non_block' | 'atomic' | 'plain'

export type Request =
  | { type: 'hello'; protocol: number; suite: string }
  | { type: 'reset' }
  | { type: 'call'; thread: number; symbol: string; args: readonly Wire[]; context: Context }
  | { type: 'result'; thread: number; value: Wire }
  | { type: 'abandon'; thread: number }
  | { type: 'echo'; value: Wire }

export interface Hello {
  readonly type: 'hello'
  readonly protocol: number
  readonly name: string
  readonly version: string
  readonly implements: readonly string[]
  readonly shows: readonly string[]
  readonly threads: boolean
}
/** A symbol or a service, and what it is called with. */
export interface Asked {
  readonly symbol: string
  readonly args: readonly Wire[]
}
interface OfThread {
  readonly thread: number
  /** What was asked before, in one step each. */
  readonly first?: readonly Asked[]
}
export type Upcall = { type: 'upcall' } & OfThread & Asked
export type Reply = { readonly id: number } & (
  | Hello
  | { type: 'ready' }
  | ({ type: 'return'; value: Wire } & OfThread)
  | Upcall
  | ({ type: 'die'; says: string } & OfThread)
  | { type: 'echo'; value: Wire }
  | { type: 'error'; says: string }
)

/** Compiled when the first line crosses: most commands start no program. */
const compiler = once(() =>
  new Ajv({ strict: true, allowUnionTypes: true }).addSchema(schema, 'protocol'),
)
const outgoing = once(() => validators('toProgram'))
const incoming = once(() => validators('fromProgram'))

function validators(side: keyof typeof schema.definitions & `${string}Program`) {
  const ajv = compiler()
  const types = Object.keys(schema.definitions[side])
  return new Map(
    types.map((type) => {
      const $ref = `protocol#/definitions/${side}/${type}`
      return [type, ajv.compile({ $ref })] as const
    }),
  )
}

/** A line of ours. */
export function lineOf(id: number, request: Request): string {
  const message = { ...request, id }
  const fault = faultOf(outgoing().get(request.type), message)
  const line = JSON.stringify(message)
  if (fault !== null) throw new EngineError(`we would have sent ${line}, which ${fault}`)
  return line
}

/** A line of the program's that answers line `id`, and is of one of these types. */
export function replyOf<T extends Reply['type']>(
  line: string,
  id: number,
  expected: readonly T[],
): Reply & { type: T } {
  const message = parsed(line)
  const { type } = message as { type?: unknown }
  const isExpected = (one: string) => (expected as readonly string[]).includes(one)
  const fails = (what: string) => new Gone('protocol', `the line ${abridged(line)} ${what}`)
  if (type === 'error' && !isExpected('error') && typeof message.says === 'string')
    throw new Gone('protocol', `it did not understand our line: ${message.says}`)
  if (typeof type !== 'string' || !incoming().has(type)) throw fails('has no type that we know')
  const fault = faultOf(incoming().get(type), message)
  if (fault !== null) throw fails(fault)
  if (message.id !== id) throw fails(`answers line ${message.id}; line ${id} was to be answered`)
  if (!isExpected(type)) throw fails(`is of type ${type}, not ${expected.join(' or ')}`)
  return message as never
}

function parsed(line: string): Record<string, unknown> {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    throw new Gone('protocol', `the line ${abridged(line)} is no JSON`)
  }
  if (typeof message === 'object' && message !== null && !Array.isArray(message))
    return message as Record<string, unknown>
  throw new Gone('protocol', `the line ${abridged(line)} is no JSON object`)
}

function faultOf(validate: ValidateFunction | undefined, message: unknown): string | null {
  if (nestingOf(message) > nestingMax) return `is nested deeper than ${nestingMax} times`
  if (validate!(message)) return null
  const [first] = validate!.errors!
  const where = first!.instancePath === '' ? '' : ` at ${first!.instancePath.slice(1)}`
  const extra = (first!.params as { additionalProperty?: string }).additionalProperty
  return `is malformed${where}: ${first!.message}${extra === undefined ? '' : ` (${extra})`}`
}

/** A struct by value within the arguments of what is asked before an answer: nothing is deeper. */
const nestingMax = 16

/** How deep an object is nested, as far as it matters. */
function nestingOf(value: unknown, outside = 0): number {
  if (typeof value !== 'object' || value === null || outside > nestingMax) return outside
  let deepest = outside + 1
  for (const part of Object.values(value)) deepest = Math.max(deepest, nestingOf(part, outside + 1))
  return deepest
}

const shownMax = 80

function abridged(line: string): string {
  const shown = JSON.stringify(line.length > shownMax ? `${line.slice(0, shownMax)}...` : line)
  // Quotes within quotes read badly.
  return shown.slice(1, -1).replaceAll('\\"', '"')
}
