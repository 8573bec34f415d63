/** Pages of a process that somebody holds a reference to, from get_user_pages to put_user_page. */
import { fact } from '../contract'

export interface Pin {
  readonly mm: string
  readonly page: number
  readonly pfn: number
  /** Who took it; another task may give it back. */
  readonly task: number
  readonly since: number
}

export interface Pins {
  readonly held: Set<Pin>
  /** Tasks that try the fast way, and may have to go the slow way for the same reference. */
  readonly fast: Set<number>
}

interface Returned {
  readonly task: number
  readonly at: number
  readonly mm: string
  readonly page: number
  /** The frame's number, or `NULL`. */
  readonly result: unknown
}

export const pins = fact({
  name: 'pins',
  start: (): Pins => ({ held: new Set(), fast: new Set() }),
  on: {
    get_user_pages_fast: ({ fast }, { task }) => void fast.add(task),
    'get_user_pages.return': (state, returned) => {
      if (!state.fast.has(returned.task)) pin(state, returned)
    },
    'get_user_pages_fast.return': (state, returned) => {
      state.fast.delete(returned.task)
      pin(state, returned)
    },
    put_user_page: ({ held }, { task, pfn }) => {
      const ofPage = [...held].filter((pin) => pin.pfn === pfn)
      const given = ofPage.find((pin) => pin.task === task) ?? ofPage[0]
      if (given) held.delete(given)
    },
  },
})

function pin({ held }: Pins, { task, mm, page, result, at }: Returned): void {
  const pfn = Number(result)
  if (!Number.isNaN(pfn)) held.add({ mm, page, pfn, task, since: at })
}

/** Whether anybody holds a page so. */
export function isPinned({ held }: Pins, pfn: number): boolean {
  return [...held].some((pin) => pin.pfn === pfn)
}
