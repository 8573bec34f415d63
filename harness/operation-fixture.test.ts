import { replace, type Patch } from '../engine/symbol'
import { copy_page_range } from '../reference/mm/fork'
import { unmap_vma_range, zap_pages } from '../reference/mm/mmap'
import { change_protection } from '../reference/mm/mprotect'
import { move_page_tables } from '../reference/mm/mremap'
import { clear_range } from '../reference/mm/mm_types'
import { oom_reap_vma } from '../reference/mm/oom_kill'
import { try_to_unmap_one } from '../reference/mm/rmap'
import { devm_munmap_pages } from '../spec/headers/memremap'
import {
  madvise_dontneed,
  ptep_clear_flush,
  ptep_clear_flush_notify,
  put_page,
  unmap_mapping_pages,
  vm_munmap,
} from '../spec/headers/mm'
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_only_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_invalidate_range_start_nonblock,
} from '../spec/headers/mmu_notifier'
import type { mm_struct } from '../spec/headers/types'
import { mutant } from './registry'
import { operationFixtures, showsNow } from './operation-fixture'

const fixtures = operationFixtures()

test.each(fixtures)('$id sends what its caller owes, in order, under these locks', (fixture) => {
  expect(showsNow(fixture)).toEqual(fixture.shows)
})

/** A pass that is over before what it is for begins. */
function* emptyPass(mm: mm_struct, start: number, end: number) {
  const range = clear_range(mm, start, end)
  yield* mmu_notifier_invalidate_range_start(range)
  yield* mmu_notifier_invalidate_range_end(range)
}

/** Planted: another order, something missing, another lock; each with the rows in which it must show. */
const planted: Readonly<Record<string, { patch: Patch; rows: readonly string[] }>> = {
  'entries that are cleared when the pass is over': {
    patch: replace(unmap_vma_range, function* ({ vm_mm: mm }, start, end) {
      yield* emptyPass(mm, start, end)
      yield* zap_pages(mm, start, end)
    }),
    rows: [
      'munmap',
      'munmap-several-areas',
      'mmap-fixed',
      'mremap',
      'madvise-dontneed',
      'unmap-mapping-pages',
      'devm-munmap-pages',
      'exit',
    ],
  },
  'a copy that tells secondary TLBs nothing': {
    patch: replace(ptep_clear_flush_notify, function* (mm, addr) {
      return yield* ptep_clear_flush(mm, addr)
    }),
    rows: ['cow', 'cow-after-fork', 'zero-page-write', 'device-fault-cow'],
  },
  'a copy whose end tells secondary TLBs again': {
    patch: replace(mmu_notifier_invalidate_range_only_end, function* (range) {
      yield* mmu_notifier_invalidate_range_end(range)
    }),
    rows: ['cow', 'cow-after-fork', 'zero-page-write', 'device-fault-cow', 'huge-cow'],
  },
  'a copy of a huge page that tells secondary TLBs nothing': {
    patch: mutant('huge-copy-tells-nobody').patches[0]!,
    rows: ['huge-cow', 'huge-cow-page-by-page'],
  },
  'a merged page that may be written': {
    patch: mutant('merged-page-is-writable').patches[0]!,
    rows: ['merge'],
  },
  'a breakpoint that secondary TLBs are told of when the pass ends': {
    patch: mutant('breakpoint-told-at-the-end').patches[0]!,
    rows: ['uprobe'],
  },
  'permission that shrinks before the pass': {
    patch: replace(change_protection, function* (vma) {
      yield* emptyPass(vma.vm_mm, vma.vm_start, vma.vm_end)
      yield* change_protection.original(vma)
    }),
    rows: ['mprotect'],
  },
  'a fork in two passes': {
    patch: replace(copy_page_range, function* (child, vma) {
      yield* emptyPass(vma.vm_mm, vma.vm_start, vma.vm_end)
      yield* copy_page_range.original(child, vma)
    }),
    rows: ['fork'],
  },
  'entries that do not move': {
    patch: replace(move_page_tables, function* ({ vm_mm: mm }, _to, start, end) {
      yield* emptyPass(mm, start, end)
    }),
    rows: ['mremap'],
  },
  'reclaim that tells first and unmaps later': {
    patch: replace(try_to_unmap_one, function* (page, vma, addr) {
      yield* emptyPass(vma.vm_mm, addr, addr + 1)
      return yield* try_to_unmap_one.original(page, vma, addr)
    }),
    rows: ['swap-out', 'swap-out-of-two', 'unmap-file-page', 'direct-reclaim', 'kswapd', 'compact'],
  },
  'a stronger lock than is needed': {
    patch: replace(madvise_dontneed, function* (mm, start, end) {
      return yield* vm_munmap(mm, start, end)
    }),
    rows: ['madvise-dontneed', 'huge-dontneed-of-a-part'],
  },
  'device memory that is free before it is unmapped': {
    patch: replace(devm_munmap_pages, function* (pgmap) {
      for (const page of pgmap.pages) yield* put_page(page)
      yield* unmap_mapping_pages(pgmap.mapping, 0, pgmap.pages.length)
    }),
    rows: ['devm-munmap-pages'],
  },
  'an exit that releases nobody': {
    patch: mutant('exit-forgets-release').patches[0]!,
    rows: ['exit'],
  },
  'a reaper that ends its pass first': {
    patch: replace(oom_reap_vma, function* ({ vm_mm: mm, vm_start, vm_end }) {
      const range = clear_range(mm, vm_start, vm_end)
      if (yield* mmu_notifier_invalidate_range_start_nonblock(range)) return false
      yield* mmu_notifier_invalidate_range_end(range)
      yield* zap_pages(mm, vm_start, vm_end)
      return true
    }),
    rows: ['oom-reap'],
  },
}

test.each(Object.entries(planted))('%s: noticed', (_name, { patch, rows }) => {
  const chosen = fixtures.filter(({ id }) => rows.includes(id))
  expect(chosen).toHaveLength(rows.length)
  for (const fixture of chosen) expect(showsNow(fixture, [patch])).not.toEqual(fixture.shows)
})
