/** Notifiers, mirrors and ranges: what is registered with whom. */
import { fact } from '../contract'

export interface Notifier {
  readonly mm: string
  /** Registered on behalf of HMM, from inside hmm_mirror_register. */
  readonly hmm: boolean
  /** The ops that it has, as far as is known. */
  readonly ops: string[]
  /** From the success of its registration to the entry of whatever unlinks it. */
  listed: boolean
}

export interface Mirror {
  readonly mirror: string
  readonly mm: string
  /** The notifier through which HMM hears of this mirror's mm. */
  readonly mn: string
  /** From the return of register to the entry of unregister. */
  registered: boolean
}

export interface Mirrors {
  readonly notifiers: Map<string, Notifier>
  readonly mirrors: Map<string, Mirror>
  /** The notifier that HMM registered last, by mm. */
  readonly hmmNotifier: Map<string, string>
  readonly registering: Set<number>
}

export const mirrors = fact({
  name: 'mirrors',
  start: (): Mirrors => ({
    notifiers: new Map(),
    mirrors: new Map(),
    hmmNotifier: new Map(),
    registering: new Set(),
  }),
  on: {
    hmm_mirror_register: (state, { task }) => void state.registering.add(task),
    'hmm_mirror_register.return': (state, { task, mirror, mm, result }) => {
      state.registering.delete(task)
      if (result !== 0) return
      state.mirrors.set(mirror, {
        mirror,
        mm,
        mn: state.hmmNotifier.get(mm) ?? '',
        registered: true,
      })
    },
    hmm_mirror_unregister: (state, { mirror }) => {
      const known = state.mirrors.get(mirror)
      if (known) known.registered = false
    },
    '__mmu_notifier_register.return': (state, { task, mn, mm, ops, result }) => {
      if (result !== 0) return
      const hmm = state.registering.has(task)
      state.notifiers.set(mn, { mm, hmm, ops: ops.split(' '), listed: true })
      if (hmm) state.hmmNotifier.set(mm, mn)
    },
    mmu_notifier_unregister_no_release: (state, { mn }) => unlist(state, mn),
    mmu_notifier_unregister: (state, { mn }) => unlist(state, mn),
    'mmu_notifier_ops.release': (state, { mn }) => unlist(state, mn),
    // Nobody hears of it when one without a release is unlinked with the others.
    mmu_notifier_release: ({ notifiers }, { mm }) => {
      for (const known of notifiers.values())
        if (known.mm === mm && !known.ops.includes('release')) known.listed = false
    },
    op_shown: (state, { mn, op }) => void state.notifiers.get(mn)?.ops.push(op),
  },
})

function unlist(state: Mirrors, mn: string): void {
  const known = state.notifiers.get(mn)
  if (known) known.listed = false
}

/** The notifiers of an mm that are listed now and have an op. */
export function listedWith({ notifiers }: Mirrors, mm: string, op: string): string[] {
  return [...notifiers]
    .filter(([, known]) => known.mm === mm && known.listed && known.ops.includes(op))
    .map(([mn]) => mn)
}

/** Whether a notifier would be told of the end of a pass: it is listed, and has the op. */
export function isOwedAnEnd({ notifiers }: Mirrors, mn: string): boolean {
  const known = notifiers.get(mn)
  return known !== undefined && known.listed && known.ops.includes('invalidate_range_end')
}
