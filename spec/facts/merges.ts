/** Pages that a task has found to have the same content, and that nobody has written to since. */
import { fact } from '../contract'

export interface Merges {
  /** By task, pairs of page frames. */
  readonly identical: Map<number, readonly [number, number]>
  /** By mm and page, whether the entry could be written through when it was cleared last. */
  readonly wasWritable: Map<string, boolean>
  /** Entries that allow writing, by mm and page. */
  readonly writable: Set<string>
}

interface Store {
  readonly pfn: number
  readonly write: boolean
}

export const merges = fact({
  name: 'merges',
  start: (): Merges => ({ identical: new Map(), wasWritable: new Map(), writable: new Set() }),
  on: {
    pages_identical: ({ identical }, { task }) => void identical.delete(task),
    'pages_identical.return': ({ identical }, { task, pfn, other, result }) => {
      if (result) identical.set(task, [pfn, other])
    },
    cpu_access: written,
    device_access: written,
    __free_page: ({ identical }, { pfn }) => forget(identical, pfn),
    'set_pte_at.return': ({ writable }, { mm, page, write }) => {
      if (write) writable.add(`${mm} ${page}`)
      else writable.delete(`${mm} ${page}`)
    },
    'ptep_set_wrprotect.return': ({ writable }, { mm, page }) =>
      void writable.delete(`${mm} ${page}`),
    'ptep_clear_flush.return': ({ writable, wasWritable }, { mm, page }) => {
      const key = `${mm} ${page}`
      wasWritable.set(key, writable.delete(key))
    },
  },
})

function written({ identical }: Merges, { pfn, write }: Store): void {
  if (write) forget(identical, pfn)
}

function forget(identical: Merges['identical'], pfn: number): void {
  for (const [task, pair] of identical) if (pair.includes(pfn)) identical.delete(task)
}

/** Whether a page that nobody could write is replaced by one of the same content that nobody can write (001:448-450). */
export function isSameForReaders(
  { identical, wasWritable }: Merges,
  { task, mm, page, pfn, write }: Stored,
  lostPfn: number,
): boolean {
  const pair = identical.get(task)
  const same = pair !== undefined && pair.includes(pfn) && pair.includes(lostPfn)
  return same && !write && wasWritable.get(`${mm} ${page}`) === false
}

interface Stored extends Store {
  readonly task: number
  readonly mm: string
  readonly page: number
}
