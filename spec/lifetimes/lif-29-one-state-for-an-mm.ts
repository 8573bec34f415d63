import { contract, type Tell } from '../contract'
import { callbacks, type Callbacks } from '../facts/callbacks'

/** A driver's struct that the notifier core owns. */
interface Priv {
  /** The mm and the ops that it was attached with. */
  readonly of: string
  /** Attaches that have returned, less detaches that have been entered. */
  attached: number
  /** The notifiers whose callbacks ran when the last of its detaches came. */
  running: ReadonlySet<string>
}

/** Whoever attaches to an address space with the same ops shares one struct, until the last has detached. */
export const oneStateForAnMm = contract({
  id: 'LIF-29',
  level: 'ALT',
  binds: 'notifier-core',
  says: 'an attach returns the one struct of its ops and its mm, which is freed once, when all attaches have been taken back and no callback runs on it',
  cites: ['000:6595-6607'],
  minimum: { exercised: 500, witnesses: 4 },
  uses: { callbacks },
  start: () => new Map<string, Priv>(),
  on: {
    'mmu_notifier_attach_mm.return': (privs, { mm, ops, result }, _known, tell) => {
      if (result !== 'NULL') attach(privs, result, `${mm} and ${ops}`, tell)
    },
    mmu_notifier_detach_mm: (privs, { priv }, { callbacks }) => {
      const known = privs.get(priv)
      if (!known) return
      known.attached--
      known.running = runningIn(callbacks)
    },
    kfree: (privs, { object, embeds }, { callbacks }, tell) => {
      const known = privs.get(object)
      if (!known) return
      privs.delete(object)
      const notifiers = embeds.split(' ')
      const running = runningIn(callbacks)
      const busy = notifiers.find((mn) => running.has(mn))
      if (known.attached > 0)
        tell.object(`${object} is freed with ${known.attached} of its attaches not taken back`)
      else if (busy !== undefined)
        tell.object(`${object} is freed while a callback runs on ${busy}`)
      else
        tell.exercise(
          notifiers.some((mn) => known.running.has(mn)) ? 'freed behind a callback' : 'freed',
        )
    },
    run_end: (privs, { kind }, _known, tell) => {
      if (kind !== 'done') return
      for (const [priv, { attached }] of privs)
        if (attached <= 0) tell.object(`all have detached from ${priv}, which is never freed`)
    },
  },
})

function attach(privs: Map<string, Priv>, priv: string, of: string, tell: Tell): void {
  const known = privs.get(priv)
  const other = [...privs].find(
    ([name, its]) => name !== priv && its.of === of && its.attached > 0,
  )?.[0]
  if (other !== undefined) tell.object(`${of} have ${other}, and are given ${priv}`)
  else if (known && known.of !== of) tell.object(`${priv} is given to ${of}, and is ${known.of}'s`)
  else tell.exercise(known ? 'shared' : 'the first')
  if (known) known.attached++
  else privs.set(priv, { of, attached: 1, running: new Set() })
}

function runningIn({ byTask }: Callbacks): ReadonlySet<string> {
  return new Set([...byTask.values()].flat().map(({ on }) => on))
}
