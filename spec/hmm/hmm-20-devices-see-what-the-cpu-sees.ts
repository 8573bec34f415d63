import { contract } from '../contract'
import { cpuEntry, memory } from '../facts/memory'
import { intersects, passes } from '../facts/passes'
import { rangeUse } from '../facts/range-use'

/** A device that mirrors an address space gets at memory as the CPU could at that moment. */
export const devicesSeeWhatTheCpuSees = contract({
  id: 'HMM-20',
  binds: 'hmm',
  says: 'a mirrored device uses a page frame, for reading or writing, only if the CPU could use it so or a pass over the page has begun and is not over',
  cites: ['003:2'],
  minimum: { exercised: 200, witnesses: 3 },
  uses: { memory, passes, rangeUse },
  on: {
    device_access: (_state, { device, name, mm, page, pfn, write }, known, tell) => {
      if (!known.rangeUse.mirrorOf.has(device)) return
      const verb = write ? 'writes' : 'reads'
      const cpu = cpuEntry(known.memory, mm, page)
      const at = { start: page, end: page + 1 }
      const changing = [...known.passes.live].some((pass) => pass.mm === mm && intersects(pass, at))
      if (cpu && cpu.pfn === pfn && (cpu.write || !write))
        return tell.exercise(`${verb} what the CPU has${changing ? ', in a pass' : ''}`)
      // What a pass that is open allows is MMN-02's.
      if (changing) return tell.exercise(`${verb} what a pass is taking`)
      const has = cpu ? `pfn ${cpu.pfn}${cpu.write ? '' : ' read-only'}` : 'nothing'
      tell.object(`${name} ${verb} pfn ${pfn} at page ${page} where the CPU has ${has}`)
    },
  },
})
