/** `probes`: prints the script that records a log. */
import { UsageError } from '../../engine/errors'
import { recordingScript } from '../trace/record'
import { versionOf } from '../trace/version'

export interface ProbesArguments {
  readonly kernel: string
  /** What the names of drivers' callbacks begin with, separated by commas. */
  readonly drivers?: string
}

export function probesCommand({ kernel, drivers }: ProbesArguments): number {
  const prefixes = drivers === undefined ? [] : drivers.split(',')
  const strange = prefixes.find((prefix) => !/^[a-z_]\w*$/i.test(prefix))
  if (strange !== undefined)
    throw new UsageError(
      `--drivers takes what names of callbacks begin with, such as kvm_mmu_notifier, not "${strange}"`,
    )
  process.stdout.write(recordingScript(versionOf(kernel), prefixes))
  return 0
}
