import { contract } from '../contract'
import { deviceOwners, hasTaken } from '../facts/device-owners'
import { intersects, passes } from '../facts/passes'

/** The device waits, not the pass: whatever it wants of the range until the end is a page fault. */
export const accessesInsideAPassFault = contract({
  id: 'DRV-02',
  binds: 'driver',
  says: 'from the success of its callback to the end of the pass every access of the device to the range is a page fault of the device',
  cites: ['002:2354-2357'],
  minimum: { exercised: 30, witnesses: 2 },
  uses: { deviceOwners, passes },
  on: {
    device_page_fault: (_state, { device, mm, page, write }, { deviceOwners, passes }, tell) => {
      const at = { start: page, end: page + 1 }
      for (const pass of passes.live)
        if (pass.mm === mm && intersects(pass, at) && hasTaken(pass, deviceOwners.get(device)))
          tell.exercise(`${write ? 'a write' : 'a read'} faults`)
    },
    device_access: (_state, { device, name, mm, page, pfn }, known, tell) => {
      // A device that shares the CPU's page table has no driver that agrees: TLB-04 is about it.
      const owner = known.deviceOwners.get(device)
      if (owner === undefined) return
      const at = { start: page, end: page + 1 }
      for (const pass of known.passes.live)
        if (pass.mm === mm && intersects(pass, at) && hasTaken(pass, owner))
          tell.object(
            `${name} uses pfn ${pfn} at page ${page} inside ${pass.pass}, to which its driver has agreed`,
          )
    },
  },
})
