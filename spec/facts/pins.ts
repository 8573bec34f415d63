/** Pages of a process that somebody holds a reference to, from get_user_pages to put_page. */
import { fact } from '../contract'

export interface Pin {
  readonly mm: string
  readonly page: number
  readonly pfn: number
  readonly task: number
  readonly since: number
}

export interface Pins {
  readonly held: Set<Pin>
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
  start: (): Pins => ({ held: new Set() }),
  on: {
    'get_user_pages.return': pin,
    'get_user_pages_fast.return': pin,
    put_page: ({ held }, { task, pfn }) => {
      for (const known of held) if (known.task === task && known.pfn === pfn) held.delete(known)
    },
  },
})

/** The fast way may have gone the slow way: one reference all the same. */
function pin({ held }: Pins, { task, mm, page, result, at }: Returned): void {
  const pfn = Number(result)
  if (Number.isNaN(pfn)) return
  const isKnown = [...held].some((known) => known.task === task && known.pfn === pfn)
  if (!isKnown) held.add({ mm, page, pfn, task, since: at })
}

/** Whether anybody holds a page so. */
export function isPinned({ held }: Pins, pfn: number): boolean {
  return [...held].some((pin) => pin.pfn === pfn)
}
