/**
 * Profiles: which contracts bind which version of what the documents describe, and which subsystem. Each version is
 * a file that is there to be read, and stays as it is until somebody changes it.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../engine/errors'
import type { Contract } from '../spec/contract'

const folder = join(__dirname, '..', 'spec', 'profiles')

/** In the order of the documents: each has all that the one before it has. */
export const versions = ['before-series', 'series-v2', 'series-v2-12', 'annotations-2019'] as const
export type Version = (typeof versions)[number]

export interface Profile {
  /** As it was asked for. */
  readonly name: string
  readonly ids: ReadonlySet<string>
}

/** A line of a version's file. */
export interface ProfileLine {
  readonly id: string
  readonly level: string
  readonly binds: string
}

export function linesOf(version: Version): ProfileLine[] {
  const text = readFileSync(join(folder, `${version}.txt`), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [id, level, binds] = line.split(' ')
      return { id: id!, level: level!, binds: binds! }
    })
}

/** A version, or of a version what binds one subsystem: `series-v2/driver`. */
export function profileNamed(name: string): Profile {
  const [first, subsystem, ...rest] = name.split('/')
  const version = versions.find((one) => one === first)
  if (!version || rest.length > 0)
    throw new UsageError(`there is no profile "${name}"; there are ${versions.join(', ')}`)
  const lines = linesOf(version)
  const chosen = lines.filter(({ binds }) => subsystem === undefined || binds === subsystem)
  if (chosen.length === 0)
    throw new UsageError(
      `the profile ${version} has no subsystem "${subsystem}"; there are ${[...new Set(lines.map(({ binds }) => binds))].sort().join(', ')}`,
    )
  return { name, ids: new Set(chosen.map(({ id }) => id)) }
}

/** Files of the folder that are no version: there should be none. */
export const strayFiles = (): string[] =>
  readdirSync(folder).filter((file) => !versions.some((version) => file === `${version}.txt`))

export const isIn = ({ id }: Contract, profile: Profile | undefined): boolean =>
  profile === undefined || profile.ids.has(id)
