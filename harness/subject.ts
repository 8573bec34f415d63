/** What is judged: the reference, a mutant of it, an implementation loaded from a file, or a program. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '../engine/errors'
import type { Patch } from '../engine/symbol'
import { implementationNamed, type Implementation } from './implementation'
import { budgetsDefault, Program } from './pipe/program'
import { remotePatches } from './pipe/remote'
import type { PatchSet } from './patch-set'
import { mutant, mutantNames } from './registry'
import { hiddenBy, setNamesOverPipe, setsOf, symbolsNamed } from './sets'

export interface Subject {
  /** `reference`, a mutant's name, or the implementation file's. */
  readonly name: string
  readonly patches: readonly Patch[]
  /** Where an implementation was loaded from. */
  readonly file?: string
  /** How an implementation is started that is a program. */
  readonly program?: ProgramCommand
  /** Symbols that it replaces or may do without, and whose calls are not seen. */
  readonly hides?: readonly string[]
}

/** A program, and what the answer to a call may take, in milliseconds. */
export interface ProgramCommand {
  readonly command: readonly string[]
  readonly callMs: number
}

/** Where what does not come with the suite is. */
export interface Foreign {
  readonly file?: string | undefined
  readonly program?: ProgramCommand | undefined
}

/** It does not come with the suite: what it does to its thread, or its process, is its own affair. */
export const isForeign = ({ file, program }: Foreign): boolean =>
  file !== undefined || program !== undefined

export const reference: Subject = { name: 'reference', patches: [] }

/** A subject by the name that tokens and fixtures carry. */
export function subjectNamed(name: string): Subject {
  if (name === reference.name) return reference
  const defined = implementationNamed(name)
  if (defined) return defined
  if (mutantNames().includes(name)) return { name, patches: mutant(name).patches }
  throw new UsageError(
    `nothing called "${name}" comes with the suite; pass its file with --implementation`,
  )
}

/** Loads what a TypeScript or JavaScript file exports: an `implementation`, or a `patchSet` as mutants are. */
export function subjectFrom(file: string): Subject {
  const path = resolve(file)
  if (!existsSync(path)) throw new UsageError(`there is no implementation file ${file}`)
  let loaded: { patchSet?: PatchSet; implementation?: Implementation }
  try {
    loaded = require(path) as typeof loaded
  } catch (error) {
    throw new UsageError(
      `the implementation file ${file} cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
    )
  }
  const { implementation, patchSet } = loaded
  const { patches } = implementation ?? patchSet ?? {}
  if (!Array.isArray(patches))
    throw new UsageError(
      `the implementation file ${file} exports no implementation, made by defineImplementation, and no patchSet with a list of patches`,
    )
  if (patches.length === 0)
    throw new UsageError(
      `the implementation file ${file} replaces nothing: its list of patches is empty`,
    )
  const name = basename(file).replace(/\.[cm]?[jt]s$/, '')
  const hides = implementation?.hides ?? []
  return { name: implementation?.name ?? name.replaceAll('~', '-'), patches, hides, file: path }
}

/** Starts a program, once in a thread, and asks what it implements. */
export function subjectFromCommand({ command, callMs }: ProgramCommand): Subject {
  const key = JSON.stringify([command, callMs])
  const known = programs.get(key) ?? new Program(command, { ...budgetsDefault, callMs })
  const { name, implements: claims, shows } = known.hello
  programs.set(key, known)
  const symbols = symbolsNamed(claims, setNamesOverPipe)
  return {
    name,
    patches: remotePatches(known, symbols),
    program: { command, callMs },
    hides: hiddenBy(setsOf(symbols), shows),
  }
}
const programs = new Map<string, Program>()

/** What the options say is to be judged, the reference unless told. */
export function chosenSubject(implementation: string | undefined, named = reference.name): Subject {
  return implementation === undefined ? subjectNamed(named) : subjectFrom(implementation)
}

/** A subject as plain data. */
export interface SubjectData extends Foreign {
  readonly name: string
}

export function subjectOf({ name, file, program }: SubjectData): Subject {
  return program ? subjectFromCommand(program) : chosenSubject(file, name)
}
