/** Which notifier stands behind a device: the one in whose callbacks its entries are cleared. */
import { fact } from '../contract'
import { callbacks, callbacksOf } from './callbacks'
import type { Pass } from './passes'

/** By device, its notifier, once it was seen at work. */
export type DeviceOwners = Map<string, string>

export const deviceOwners = fact({
  name: 'device owners',
  uses: { callbacks },
  start: (): DeviceOwners => new Map(),
  on: {
    device_pte_clear: (owners, { task, device }, { callbacks }) => {
      const own = callbacksOf(callbacks, task).findLast(
        ({ op }) => op !== 'sync' && op !== 'mirror release',
      )
      if (own) owners.set(device, own.on)
    },
  },
})

/**
 * Whether a pass has surely taken its range from a device: its notifier has agreed and was not told of the end. Of a
 * device whose notifier is not known yet, once everybody has agreed.
 */
export function hasTaken(
  { phase, starts, ends, removed }: Pass,
  owner: string | undefined,
): boolean {
  if (owner === undefined) return phase === 'open'
  return starts.get(owner) === 0 && !ends.has(owner) && !removed.has(owner)
}
