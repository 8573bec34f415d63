/** Versions of kernels, as people write them. */
import { UsageError } from '../../engine/errors'
import type { Generation } from '../../spec/generations'
import type { Version } from './record'

/** `6.1`, `6.1.192`, `6.1.0-39-amd64`. */
export function versionOf(text: string): Version {
  const found = /^(\d{1,3})\.(\d{1,4})(?:[.-][\w.+-]*)?$/.exec(text)
  if (!found) throw new UsageError(`--kernel takes a version such as 6.1, not "${text}"`)
  return { major: Number(found[1]), minor: Number(found[2]) }
}

/** The last that has mirrors and ranges. */
const lastOfMirrors: Version = { major: 5, minor: 4 }

export function generationOf({ major, minor }: Version): Generation {
  const { major: lastMajor, minor: lastMinor } = lastOfMirrors
  const isOld = major < lastMajor || (major === lastMajor && minor <= lastMinor)
  return isOld ? 'hmm_mirror' : 'mmu_interval_notifier'
}
