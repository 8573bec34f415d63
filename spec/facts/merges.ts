/** Pages that a task has found to have the same content, and that nobody has written to since. */
import { fact } from '../contract'
import { cpuEntry, memory } from './memory'

export interface Merges {
  /** By task, pairs of page frames. */
  readonly identical: Map<number, readonly [number, number]>
  /** By mm and page, whether the entry could be written through when it was cleared last. */
  readonly wasWritable: Map<string, boolean>
}

interface Store {
  readonly pfn: number
  readonly write: boolean
}

export const merges = fact({
  name: 'merges',
  uses: { memory },
  start: (): Merges => ({ identical: new Map(), wasWritable: new Map() }),
  on: {
    pages_identical: ({ identical }, { task }) => void identical.delete(task),
    'pages_identical.return': ({ identical }, { task, pfn, other, result }) => {
      if (result) identical.set(task, [pfn, other])
    },
    cpu_access: written,
    device_access: written,
    __free_page: ({ identical }, { pfn }) => forget(identical, pfn),
    ptep_clear_flush: ({ wasWritable }, { mm, page }, { memory }) =>
      void wasWritable.set(`${mm} ${page}`, cpuEntry(memory, mm, page)?.write ?? false),
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

export interface Stored extends Store {
  readonly task: number
  readonly mm: string
  readonly page: number
}
