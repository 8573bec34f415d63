/** Implementations in TypeScript: whole subsystems, or single symbols, in the place of the reference's. */
import { UsageError } from '../engine/errors'
import { checkLinks, type Patch } from '../engine/symbol'
import { hiddenBy, setsOf, symbolsNamed, type SetName } from './sets'

export interface Implementation {
  readonly name: string
  readonly patches: readonly Patch[]
  /** Symbols whose calls it does not show: what listens to them is UNOBSERVABLE. */
  readonly hides: readonly string[]
}

export interface ImplementationParts {
  /** How reports call it. */
  readonly name: string
  /** Sets, of which every symbol must be patched, or single symbols of them. */
  readonly replaces: readonly (SetName | (string & {}))[]
  /** Made by `replace`, which checks signatures; helpers of the reference may be among them. */
  readonly patches: readonly Patch[]
  /** Of what the reference calls on its own account, what it calls too: everything (`*`) unless told. */
  readonly shows?: readonly string[]
}

const defined = new Map<string, Implementation>()

/** An implementation to be judged: exported as `implementation` from a file, or given to `toConform`. */
export function defineImplementation({
  name,
  replaces,
  patches,
  shows = ['*'],
}: ImplementationParts): Implementation {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name) || name === 'reference')
    throw new UsageError(`an implementation cannot be called "${name}": use letters, digits, . _ -`)
  const symbols = symbolsNamed(replaces)
  const patched = new Set(patches.map(({ slot }) => slot))
  const missing = symbols.flatMap(({ slot }) => (patched.has(slot) ? [] : [slot.name]))
  if (missing.length > 0)
    throw new UsageError(
      `${name} says that it replaces ${missing.join(', ')} and has no patch; add one, or name single symbols`,
    )
  checkLinks(patches)
  const implementation = { name, patches, hides: hiddenBy(setsOf(symbols), shows) }
  defined.set(name, implementation)
  return implementation
}

/** One that was defined in this thread, or null. */
export function implementationNamed(name: string): Implementation | null {
  return defined.get(name) ?? null
}
