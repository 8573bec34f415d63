/** Page frames. The frame freed last is given out first: a stale translation is soon somebody else's. */
import { writes } from '../../engine/footprint'
import { perRun } from '../../engine/ids'
import { define } from '../../engine/symbol'
import { point } from '../../engine/task'
import { __free_page, alloc_page, get_page, put_page } from '../../spec/headers/mm'
import { frames, frameState } from '../hardware/memory'
import { BUG_ON } from '../kernel/bug'

/** Free frames; the last one is next. */
const freeList = perRun(() => [...frames()].reverse())

define(alloc_page, () => {
  writes(frameState)
  const page = freeList().pop()
  if (!page) return null
  page._refcount = 1
  page.value = 0
  page.private = null
  return page
})

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
