/** Page frames. The frame freed last is given out first: a stale translation is soon somebody else's. */
import { pull, range } from 'lodash'
import { writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { define } from '../../engine/symbol'
import { point } from '../../engine/task'
import {
  HPAGE_PMD_NR,
  __free_page,
  alloc_huge_page,
  alloc_page,
  get_page,
  put_page,
} from '../../spec/headers/mm'
import type { page } from '../../spec/headers/types'
import { frames, frameState, pfn_to_page } from '../hardware/memory'
import { BUG_ON } from '../kernel/bug'
import { memory_is_low } from './vmscan'

/** Free frames; the last one is next. */
const freeList = perRun(() => [...frames()].reverse())

define(alloc_page, () => {
  writes(frameState)
  const page = freeList().pop()
  return page ? prepared(page) : null
})

/** Nobody reclaims for the sake of a huge page. */
define(alloc_huge_page, () => {
  writes(frameState)
  const free = freeList()
  const head = memory_is_low()
    ? undefined
    : free.findLast((page) => partsOf(page).every((part) => free.includes(part)))
  if (!head) return null
  pull(free, ...partsOf(head))
  return partsOf(head).map(prepared)
})

/** The frames of the huge page that would begin with this one. */
const partsOf = ({ pfn }: page): page[] =>
  range(pfn, pfn + HPAGE_PMD_NR).map((part) => pfn_to_page(part))

function prepared(page: page): page {
  page._refcount = 1
  page.value = 0
  page.private = null
  return page
}

define(get_page, function* (page) {
  writes(frameState)
  page._refcount++
})

define(put_page, function* (page) {
  yield* point('put_page', page.pfn)
  writes(frameState)
  BUG_ON(page._refcount === 0, `put_page of the free page ${page.pfn}`)
  page._refcount--
  if (page._refcount === 0) __free_page(page)
})

define(__free_page, (page) => {
  page.mapping = null
  freeList().push(page)
})
