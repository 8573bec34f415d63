/** Patch sets with a name: mutants, and whatever else takes the place of the reference for a run. */
import type { Patch } from '../engine/symbol'

export interface PatchSet {
  /** Its file's name. */
  readonly id: string
  /** What it does, or does wrong, in one sentence. */
  readonly says: string
  /** Where the documents show it. */
  readonly cites: readonly string[]
  /** Contracts that must object. */
  readonly expect: readonly string[]
  /** Contracts that may object too, each with the reason why it is implied. */
  readonly may: Readonly<Record<string, string>>
  readonly patches: readonly Patch[]
}
