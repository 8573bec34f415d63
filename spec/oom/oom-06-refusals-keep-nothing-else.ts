import { contract } from '../contract'
import { areas, areasOf } from '../facts/areas'
import { cpuEntry, memory } from '../facts/memory'
import { intersects } from '../facts/passes'
import { reaping } from '../facts/reaping'

interface Attempts {
  /** Pages that were present when a task began to reap, with their frames. */
  readonly present: Map<number, Map<number, number>>
  /** Tasks that did not get mmap_sem. */
  readonly shutOut: Set<number>
  /** Address spaces that need no reaper any more. */
  readonly over: Set<string>
}

/** A driver that cannot stop now keeps the memory of its own ranges, and nobody else's. */
export const refusalsKeepNothingElse = contract({
  id: 'OOM-06',
  binds: 'mm',
  says: 'an attempt of the oom reaper that got mmap_sem asks for every anonymous area with memory, also after others were refused',
  cites: ['002:3421-3423', '002:3423-3425'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { areas, memory, reaping },
  start: (): Attempts => ({ present: new Map(), shutOut: new Set(), over: new Set() }),
  on: {
    exit_mmap: ({ over }, { mm }) => void over.add(mm),
    'oom_reap_task.return': ({ over }, { mm }) => void over.add(mm),
    oom_reap_task_mm: ({ present, shutOut }, { task, mm }, { memory }) => {
      shutOut.delete(task)
      const entries = [...(memory.cpu.get(mm) ?? [])]
      present.set(task, new Map(entries.map(([page, { pfn }]) => [page, pfn])))
    },
    'down_read_trylock.return': ({ shutOut }, { task, name, result }, { reaping }) => {
      if (!result && name === 'mmap_sem' && reaping.byTask.has(task)) shutOut.add(task)
    },
    'mmu_notifier_invalidate_range_start_nonblock.return': (
      _state,
      { task },
      { reaping },
      tell,
    ) => {
      const earlier = reaping.byTask.get(task)?.passes.slice(0, -1)
      if (earlier?.some(({ refused }) => refused)) tell.exercise('asked after a refusal')
      else if (earlier) tell.exercise('no refusal before')
    },
    'oom_reap_task_mm.return': (state, { task, mm }, { areas, memory, reaping }, tell) => {
      const passes = reaping.last.get(task)?.passes ?? []
      if (state.shutOut.has(task) || state.over.has(mm)) return
      for (const area of areasOf(areas, mm)) {
        if (!area.anonymous || passes.some((pass) => intersects(pass, area))) continue
        const left = [...(state.present.get(task) ?? [])].find(
          ([page, pfn]) =>
            area.start <= page && page < area.end && cpuEntry(memory, mm, page)?.pfn === pfn,
        )
        if (left)
          tell.object(
            `page ${left[0]} of ${mm} stays although nobody was asked for [${area.start}, ${area.end})`,
          )
      }
    },
  },
})
