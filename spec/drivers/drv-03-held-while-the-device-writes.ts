import { contract } from '../contract'
import { isPinned, pins } from '../facts/pins'

/** A device that was given a page frame can only be kept from other people's pages by a reference. */
export const heldWhileTheDeviceWrites = contract({
  id: 'DRV-03',
  binds: 'driver',
  says: 'a driver holds a page that it gave to a device without addresses until the device has finished',
  cites: ['002:1778-1780', '002:2344-2348'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { pins },
  on: {
    dma_access: (_state, { pfn }, { pins }, tell) => {
      if (isPinned(pins, pfn)) tell.exercise('held')
      else tell.object(`a device writes to pfn ${pfn}, which nobody holds for it`)
    },
  },
})
