/** Pages of a process that somebody holds a reference to, from get_user_pages to put_user_page. */
import { fact } from '../contract'

export interface Pin {
  readonly mm: string
  readonly page: number
  readonly pfn: number
  /** Whether it is held to be written to. */
  readonly write: boolean
  /** Who took it; another task may give it back. */
  readonly task: number
  /** When he asked for it. */
  readonly since: number
}

export interface Pins {
  readonly held: Set<Pin>
  /** When tasks asked for the reference that they do not have yet: the fast way may take the slow one. */
  readonly asked: Map<number, { readonly at: number; readonly fast: boolean }>
}

interface Returned {
  readonly task: number
  readonly mm: string
  readonly page: number
  readonly write: boolean
  /** The frame's number, or `NULL`. */
  readonly result: unknown
}

export const pins = fact({
  name: 'pins',
  start: (): Pins => ({ held: new Set(), asked: new Map() }),
  on: {
    get_user_pages_fast: ({ asked }, { task, at }) => void asked.set(task, { at, fast: true }),
    get_user_pages: ({ asked }, { task, at }) => {
      if (!asked.has(task)) asked.set(task, { at, fast: false })
    },
    'get_user_pages.return': (state, returned) => {
      if (!state.asked.get(returned.task)?.fast) pin(state, returned)
    },
    'get_user_pages_fast.return': pin,
    put_user_page: ({ held }, { task, pfn }) => {
      const ofPage = [...held].filter((pin) => pin.pfn === pfn)
      const given = ofPage.find((pin) => pin.task === task) ?? ofPage[0]
      if (given) held.delete(given)
    },
  },
})

/** Who tries again by calling itself has one reference: the first answer is the one. */
function pin({ held, asked }: Pins, { task, mm, page, write, result }: Returned): void {
  const pfn = Number(result)
  const since = asked.get(task)?.at
  asked.delete(task)
  if (since === undefined || Number.isNaN(pfn)) return
  held.add({ mm, page, pfn, write, task, since })
}

/** Whether anybody holds a page so. */
export function isPinned({ held }: Pins, pfn: number): boolean {
  return [...held].some((pin) => pin.pfn === pfn)
}
