/** The contracts of drivers, by how coherent they keep their devices with the CPU. */
import type { Contract } from '../contract'
import { heldWhileTheDeviceWrites } from './drv-03-held-while-the-device-writes'
import { pinnedPagesDoNotMove } from './drv-08-pinned-pages-do-not-move'
import { nothingWrittenIsLost } from './drv-09-nothing-written-is-lost'
import { pinsKeepAddresses } from './drv-12-pins-keep-addresses'

export const driversContracts: readonly Contract[] = [
  heldWhileTheDeviceWrites,
  pinnedPagesDoNotMove,
  nothingWrittenIsLost,
  pinsKeepAddresses,
]
