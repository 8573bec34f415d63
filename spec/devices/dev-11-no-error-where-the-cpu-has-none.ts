import { contract } from '../contract'
import { areas, areasOf } from '../facts/areas'

type Excuse = 'no area is there' | "the CPU's own fault fails" | 'the address space is gone'

/** Why a CPU could not use what a device has asked for: by task, mm and page, or by mm alone. */
type Excuses = Map<string, Excuse>

/** Whatever was only in the way of a fault is no reason to kill who runs on the device. */
export const noErrorWhereTheCpuHasNone = contract({
  id: 'DEV-11',
  binds: 'driver',
  says: 'a device sees an error that nothing mends only where an access of the CPU would have failed too since the page fault',
  cites: ['000:4496-4504'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { areas },
  start: (): Excuses => new Map(),
  on: {
    device_page_fault: (excuses, { task, mm, page }) =>
      void excuses.delete(keyOf({ task, mm, page })),
    find_vma: (excuses, { task, mm, page }, { areas }) => {
      const isThere = areasOf(areas, mm).some(({ start, end }) => start <= page && page < end)
      if (!isThere) excuses.set(keyOf({ task, mm, page }), 'no area is there')
    },
    'handle_mm_fault.return': (excuses, { task, mm, page, result }) => {
      const key = keyOf({ task, mm, page })
      if (result < 0 && !excuses.has(key)) excuses.set(key, "the CPU's own fault fails")
    },
    exit_mmap: (excuses, { mm }) => void excuses.set(mm, 'the address space is gone'),
    device_error: (excuses, { task, name, mm, page, write, result }, _known, tell) => {
      const excuse = excuses.get(keyOf({ task, mm, page })) ?? excuses.get(mm)
      const access = `${write ? 'writing' : 'reading'} page ${page} of ${mm}`
      if (excuse) tell.exercise(excuse)
      else tell.object(`${name} is told ${result} for ${access}, which a CPU could`)
    },
  },
})

function keyOf({ task, mm, page }: { task: number; mm: string; page: number }): string {
  return `${task} ${mm} ${page}`
}
