/**
 * What an operation sends and changes, alone: its notifications and stores in order, each with the locks
 * that its task holds. A fixture in `fixtures/operations` remembers that for one row of callers.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { keepRunning } from '../engine/choice'
import type { Event } from '../engine/events'
import type { Patch } from '../engine/symbol'
import { contract } from '../spec/contract'
import { heldBy, locks } from '../spec/facts/locks'
import { judgeOf } from '../spec/judge'
import { runWorkload } from './workload'
import { parseWorld } from './world'

export interface OperationFixture {
  /** Its file's name. */
  readonly id: string
  readonly title: string
  readonly cites: readonly string[]
  readonly world: string
  /** Operations that come before. */
  readonly before: readonly string[]
  readonly operation: string
  /** One line for each notification and each store: what, and under which locks. */
  readonly shows: readonly string[]
}

const folder = join(__dirname, '..', 'fixtures', 'operations')

export function operationFixtures(): OperationFixture[] {
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as OperationFixture),
      id: file.slice(0, -'.json'.length),
    }))
}

/** What is shown of each call, in the words of a fixture. */
const shown: Readonly<Record<string, (event: any) => string>> = {
  mmu_notifier_invalidate_range_start: ({ start, end }) => `start [${start}, ${end})`,
  mmu_notifier_invalidate_range_start_nonblock: ({ start, end }) =>
    `start [${start}, ${end}) nonblock`,
  mmu_notifier_invalidate_range_end: ({ start, end }) => `end [${start}, ${end})`,
  mmu_notifier_invalidate_range_only_end: ({ start, end }) => `only_end [${start}, ${end})`,
  mmu_notifier_invalidate_range: ({ start, end }) => `invalidate_range [${start}, ${end})`,
  'mmu_notifier_ops.release': () => 'release',
  ptep_clear_flush: ({ page }) => `clear ${page}`,
  ptep_set_wrprotect: ({ page }) => `write-protect ${page}`,
  set_pte_at: ({ page, write }) => `set ${page} ${write ? 'rw' : 'ro'}`,
  pmdp_huge_clear_flush: ({ page }) => `clear huge ${page}`,
  __split_huge_pmd_locked: ({ page }) => `split huge ${page}`,
  set_pmd_at: ({ page, write }) => `set huge ${page} ${write ? 'rw' : 'ro'}`,
  set_swp_pte_at: ({ page }) => `set ${page} swapped`,
  __free_page: ({ pfn }) => `free ${pfn}`,
}

/** Runs an operation's fixture on a kernel and tells what it shows now. */
export function showsNow(
  { world, before, operation }: Omit<OperationFixture, 'shows'>,
  patches: readonly Patch[] = [],
): string[] {
  const recorder = recorderOf(before.length)
  const listens = new Set(judgeOf([recorder]).listens)
  const tasks = [{ name: 'cpu0', ops: [...before, operation] }]
  const workload = { world: parseWorld(world), tasks }
  const { events } = runWorkload({ patches, listens }, workload, keepRunning)
  return judgeOf([recorder])
    .judge(events)[0]!
    .objections.map(({ says }) => says)
}

/** Tells all that happens from the operation number `first` on; it objects to nothing. */
function recorderOf(first: number) {
  const tellOne = (
    state: { operation: number },
    event: Event & { mm?: string },
    known: { locks: Parameters<typeof heldBy>[0] },
    tell: { object(line: string): void },
  ) => {
    if (state.operation < first) return
    const held = heldBy(known.locks, event.task).map(
      ({ name, mode, sleeping }) => name + (sleeping ? (mode === 'shared' ? ' r' : ' w') : ''),
    )
    const mm = event.mm === undefined || event.mm === 'mm:1' ? '' : ` of ${event.mm}`
    tell.object(`${shown[event.symbol]!(event)}${mm} | ${held.join(', ') || 'no lock'}`)
  }
  return contract({
    id: 'shows',
    binds: 'mm',
    says: 'what an operation does',
    cites: [],
    minimum: { exercised: 0, witnesses: 0 },
    uses: { locks },
    start: () => ({ operation: -1 }),
    on: {
      operation: (state) => void state.operation++,
      ...Object.fromEntries(Object.keys(shown).map((name) => [name, tellOne])),
    },
  })
}
