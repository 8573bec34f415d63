import { contract, type Known, type Tell } from '../contract'
import { mirrors } from '../facts/mirrors'

interface Listening {
  /** Notifiers whose removal has returned, and that were not registered again. */
  readonly unlinked: Set<string>
  /** Those among them whose removal waited for their callbacks. */
  readonly gone: Set<string>
  /** Passes that were begun while nobody listened, and has not since. */
  readonly silent: Map<string, string>
  /** Address spaces that have or had interval notifiers. */
  readonly others: Set<string>
}
const uses = { mirrors }

/** A pass over an address space without notifiers is over as soon as it began. */
export const nobodyIsCalledWhereNobodyListens = contract({
  id: 'MMN-24',
  binds: 'notifier-core',
  says: 'a pass over an mm on which no notifier is listed calls nobody and is not refused; nobody is called after its unregistration returned',
  cites: ['002:468-473'],
  minimum: { exercised: 100, witnesses: 2 },
  uses,
  start: (): Listening => ({
    unlinked: new Set(),
    gone: new Set(),
    silent: new Map(),
    others: new Set(),
  }),
  on: {
    __mmu_notifier_register: ({ unlinked, gone, silent }, { mn, mm }) => {
      unlinked.delete(mn)
      gone.delete(mn)
      listens(silent, mm)
    },
    mmu_interval_notifier_insert: ({ silent, others }, { mm }) => {
      others.add(mm)
      listens(silent, mm)
    },
    'mmu_notifier_unregister.return': ({ unlinked, gone }, { mn }) => {
      unlinked.add(mn)
      gone.add(mn)
    },
    'mmu_notifier_unregister_no_release.return': ({ unlinked }, { mn }) => void unlinked.add(mn),
    mmu_notifier_invalidate_range_start: begin,
    mmu_notifier_invalidate_range_start_nonblock: begin,
    'mmu_notifier_invalidate_range_start.return': ({ silent }, { pass }, _known, tell) => {
      if (silent.delete(pass)) tell.exercise('blockable')
    },
    'mmu_notifier_invalidate_range_start_nonblock.return': (
      { silent },
      { pass, mm, result },
      _known,
      tell,
    ) => {
      if (!silent.delete(pass)) return
      if (result !== 0)
        tell.object(`${pass} is refused with ${result}, and nobody listens to ${mm}`)
      else tell.exercise('non-blockable')
    },
    invalidate_range_start: (state, { mn, pass }, _known, tell) => {
      if (state.gone.has(mn)) tell.object(`${mn} is told of ${pass} after its removal returned`)
    },
    invalidate_range_end: (state, { mn, pass }, _known, tell) => {
      if (state.gone.has(mn))
        tell.object(`${mn} is told of the end of ${pass} after its removal returned`)
    },
  },
})

function listens(silent: Listening['silent'], mm: string): void {
  for (const [pass, of] of silent) if (of === mm) silent.delete(pass)
}

function begin(
  { unlinked, silent, others }: Listening,
  { pass, mm }: { pass: string; mm: string },
  { mirrors }: Known<typeof uses>,
  _tell: Tell,
): void {
  if (others.has(mm)) return
  const known = [...mirrors.notifiers].filter(([, notifier]) => notifier.mm === mm)
  if (known.every(([mn]) => unlinked.has(mn))) silent.set(pass, mm)
}
