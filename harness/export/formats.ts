/** The forms in which a run leaves this project. */
import type { Replayed } from '../replay'
import { exportedRun, type ExportedRun } from './exported-run'
import { kunit } from './kunit'
import { litmus } from './litmus'

const forms: Readonly<Record<string, (run: ExportedRun) => string>> = { litmus, kunit }

export const exportFormats: readonly string[] = Object.keys(forms)

/** The text of a run in one of {@link exportFormats}. */
export function exported(replayed: Replayed, format: string): string {
  return forms[format]!(exportedRun(replayed))
}
