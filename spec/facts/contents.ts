/**
 * The contents of memory as if everybody used it one after the other: what was stored at each address, in order.
 *
 * Every store has a number of its own. A value that appears at an address without having been stored there came
 * through another one: from a process that shares the page, or from a device without addresses.
 *
 * Nothing is promised of an address once the process itself has changed what is there, as it may while a device
 * uses it (002:3804-3810, 002:3644-3648), or once its file was truncated. To fork is such a change where somebody holds
 * the page: whoever writes next gets a copy, and who holds it does not.
 */
import { fact } from '../contract'
import { areas, areasOf, type Areas } from './areas'
import { pins, type Pin, type Pins } from './pins'

export interface Stored {
  readonly value: number
  /** When it was stored, or first seen if nobody shows when; -1 for what was there at first. */
  readonly at: number
  /** The page frame in which it was then. */
  readonly pfn: number
  readonly by: 'nobody' | 'a CPU' | 'a device' | 'others'
}

export interface Contents {
  /** By mm and page, oldest first. */
  readonly history: Map<string, Stored[]>
  /** When each value was stored. */
  readonly storedAt: Map<number, number>
  /** Pages that the process changed, by mm. */
  readonly changed: Map<string, Set<number>>
  /** Address spaces of which all is given up. */
  readonly given: Set<string>
  truncated: boolean
  /** By mm: forks that are under way, and when the last one was over. */
  readonly forks: Map<string, { running: number; over: number }>
}

interface Access {
  readonly mm: string
  readonly page: number
  readonly pfn: number
  readonly write: boolean
  readonly value: number
  readonly at: number
}
interface Part {
  readonly mm: string
  readonly start: number
  readonly end: number
}

export const contents = fact({
  name: 'contents',
  uses: { areas, pins },
  start: (): Contents => ({
    history: new Map(),
    storedAt: new Map(),
    changed: new Map(),
    given: new Set(),
    truncated: false,
    forks: new Map(),
  }),
  on: {
    cpu_access: (state, access) => note(state, access, 'a CPU'),
    device_access: (state, access) => note(state, access, 'a device'),
    vm_munmap: change,
    vm_mmap_fixed: change,
    madvise_dontneed: change,
    mremap_to: (state, { mm, start, end, to }) => {
      change(state, { mm, start, end })
      change(state, { mm, start: to, end: to + end - start })
    },
    oom_reap_task_mm: ({ given }, { mm }) => void given.add(mm),
    exit_mmap: ({ given }, { mm }) => void given.add(mm),
    truncate_pagecache_range: (state) => void (state.truncated = true),
    dup_mm: (state, { mm }, { pins }) => {
      forksOf(state, mm).running++
      for (const pin of pins.held)
        if (pin.mm === mm) change(state, { mm, start: pin.page, end: pin.page + 1 })
    },
    'dup_mm.return': (state, { mm, at }) => {
      const forks = forksOf(state, mm)
      forks.running--
      forks.over = at
    },
    'get_user_pages.return': changeIfForked,
    'get_user_pages_fast.return': changeIfForked,
  },
})

/** A reference that may have been taken while the process forked. */
function changeIfForked(
  state: Contents,
  { task, mm, page }: Pick<Pin, 'task' | 'mm' | 'page'>,
  { pins }: { readonly pins: Pins },
): void {
  const { running, over } = forksOf(state, mm)
  for (const pin of pins.held)
    if (pin.task === task && pin.mm === mm && pin.page === page)
      if (running > 0 || pin.since < over) change(state, { mm, start: page, end: page + 1 })
}

function forksOf({ forks }: Contents, mm: string) {
  const known = forks.get(mm) ?? { running: 0, over: -1 }
  forks.set(mm, known)
  return known
}

function change({ changed }: Contents, { mm, start, end }: Part): void {
  const pages = changed.get(mm) ?? new Set()
  for (let page = start; page < end; page++) pages.add(page)
  changed.set(mm, pages)
}

function note(state: Contents, access: Access, by: Stored['by']): void {
  const { mm, page, pfn, write, value, at } = access
  const key = `${mm} ${page}`
  const known = state.history.get(key) ?? [{ value: 0, at: -1, pfn, by: 'nobody' as const }]
  state.history.set(key, known)
  if (write) state.storedAt.set(value, at)
  if (known.some((stored) => stored.value === value)) return
  const since = state.storedAt.get(value) ?? at
  known.push({ value, at: since, pfn, by: write ? by : 'others' })
}

/** What an address has had, oldest first; null where nothing is promised. */
export function historyOf(
  known: { readonly contents: Contents; readonly areas: Areas },
  mm: string,
  page: number,
): readonly Stored[] | null {
  const { history, changed, given, truncated } = known.contents
  if (given.has(mm) || changed.get(mm)?.has(page)) return null
  const area = areasOf(known.areas, mm).find(({ start, end }) => start <= page && page < end)
  if (!area || (truncated && !area.anonymous)) return null
  return history.get(`${mm} ${page}`) ?? null
}
