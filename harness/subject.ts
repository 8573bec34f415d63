/** What is judged: the reference, a mutant of it, or an implementation loaded from a file. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '../engine/errors'
import type { Patch } from '../engine/symbol'
import type { PatchSet } from './patch-set'
import { mutant, mutantNames } from './registry'

export interface Subject {
  /** `reference`, a mutant's name, or the implementation file's. */
  readonly name: string
  readonly patches: readonly Patch[]
  /** Where an implementation was loaded from. */
  readonly file?: string
}

export const reference: Subject = { name: 'reference', patches: [] }

/** A subject by the name that tokens and fixtures carry. */
export function subjectNamed(name: string): Subject {
  if (name === reference.name) return reference
  if (mutantNames().includes(name)) return { name, patches: mutant(name).patches }
  throw new UsageError(
    `nothing called "${name}" comes with the suite; pass its file with --implementation`,
  )
}

/** Loads a patch set from a TypeScript or JavaScript file that exports `patchSet`. */
export function subjectFrom(file: string): Subject {
  const path = resolve(file)
  if (!existsSync(path)) throw new UsageError(`there is no implementation file ${file}`)
  let loaded: { patchSet?: PatchSet }
  try {
    loaded = require(path) as { patchSet?: PatchSet }
  } catch (error) {
    throw new UsageError(
      `the implementation file ${file} cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
    )
  }
  const { patchSet } = loaded
  if (!patchSet || !Array.isArray(patchSet.patches))
    throw new UsageError(
      `the implementation file ${file} exports no patchSet with a list of patches`,
    )
  if (patchSet.patches.length === 0)
    throw new UsageError(
      `the implementation file ${file} replaces nothing: its list of patches is empty`,
    )
  const name = basename(file).replace(/\.[cm]?[jt]s$/, '')
  return { name: name.replaceAll('~', '-'), patches: patchSet.patches, file: path }
}

/** What the options say is to be judged, the reference unless told. */
export function chosenSubject(implementation: string | undefined, named = reference.name): Subject {
  return implementation === undefined ? subjectNamed(named) : subjectFrom(implementation)
}
