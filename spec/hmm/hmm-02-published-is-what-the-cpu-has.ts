import { contract } from '../contract'
import { cpuEntry, memory } from '../facts/memory'
import { intersects, passes, type Pass } from '../facts/passes'
import { rangeUse, useOf } from '../facts/range-use'
import { callbacks, startOf } from '../facts/callbacks'

/** What a driver publishes is what the CPU has, or its own callback is about to take it away. */
export const publishedIsWhatTheCpuHas = contract({
  id: 'HMM-02',
  binds: 'driver',
  says: 'a published pfn and permission are no more than the CPU entry grants, unless the driver has yet to return from its callback for an open pass',
  cites: ['000:6259-6262'],
  minimum: { exercised: 100, witnesses: 3 },
  uses: { callbacks, memory, passes, rangeUse },
  /** By pass, the mirrors whose sync has returned. */
  start: (): Map<string, Set<string>> => new Map(),
  on: {
    __mmu_notifier_invalidate_range_start: (synced, { pass }) => void synced.set(pass, new Set()),
    'sync_cpu_device_pagetables.return': (synced, { task, mirror }, { callbacks }) => {
      const caller = startOf(callbacks, task)
      if (caller) synced.get(caller.pass)?.add(mirror)
    },
    device_pte_set: (synced, { task, device, mm, page, pfn, write }, known, tell) => {
      const use = useOf(known.rangeUse, task, page)
      if (!use) return
      const at = { start: page, end: page + 1 }
      const live = [...known.passes.live].filter((pass) => pass.mm === mm)
      const pending = ({ pass, phase }: Pass): boolean =>
        phase === 'starting' && !synced.get(pass)?.has(use.mirror)
      const ownCallback = live.some((pass) => intersects(pass, at) && pending(pass))
      const cpu = cpuEntry(known.memory, mm, page)
      const permitted = cpu !== undefined && cpu.pfn === pfn && (cpu.write || !write)
      if (!permitted && !ownCallback) {
        const has = cpu ? `pfn ${cpu.pfn}${cpu.write ? '' : ' read-only'}` : 'nothing'
        const set = `pfn ${pfn}${write ? '' : ' read-only'}`
        tell.object(`${device} gets ${set} at page ${page} where ${mm} has ${has}`)
        return
      }
      const entry = `${write ? 'writable' : 'read-only'} entry`
      const around = ownCallback
        ? 'own callback to come'
        : live.length
          ? 'disjoint pass'
          : 'no pass'
      tell.exercise(`${entry}, ${around}`)
    },
  },
})
