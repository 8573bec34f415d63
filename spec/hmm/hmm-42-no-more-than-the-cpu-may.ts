import { contract, type Known, type Tell } from '../contract'
import { cpuEntry, memory } from '../facts/memory'
import { intersects, passes } from '../facts/passes'
import { rangeUse } from '../facts/range-use'

const uses = { memory, passes, rangeUse }

/** When a pass is over, what devices still have of its range is what the CPU lets them have. */
export const noMoreThanTheCpuMay = contract({
  id: 'HMM-42',
  binds: 'driver',
  says: 'when no pass over a page is open any more, no mirrored device has an entry for it that is not there for the CPU, or that permits more',
  cites: ['003:2', '000:6259-6262'],
  minimum: { exercised: 100, witnesses: 2 },
  uses,
  on: {
    '__mmu_notifier_invalidate_range_end.return': (_state, { mm, start, end }, known, tell) => {
      for (let page = start; page < end; page++) judge(mm, page, known, tell)
    },
  },
})

function judge(mm: string, page: number, known: Known<typeof uses>, tell: Tell): void {
  const at = { start: page, end: page + 1 }
  const changing = [...known.passes.live].some((pass) => pass.mm === mm && intersects(pass, at))
  if (changing) return
  const cpu = cpuEntry(known.memory, mm, page)
  for (const [device, table] of known.memory.device) {
    const entry = table.mm === mm ? table.entries.get(page) : undefined
    if (!known.rangeUse.mirrorOf.has(device) || table.mm !== mm) continue
    if (!entry) tell.exercise('the device has nothing')
    else if (cpu?.pfn !== entry.pfn)
      tell.object(`${device} keeps pfn ${entry.pfn} at page ${page} after the pass that took it`)
    else if (entry.write && !cpu.write)
      tell.object(`${device} may write page ${page} after the pass that took that permission`)
    else tell.exercise('the device has what the CPU has')
  }
}
