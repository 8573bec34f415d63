import { contract } from '../contract'
import { passes, type Pass } from '../facts/passes'

interface Sections {
  /** By interval notifier, passes that have invalidated it. */
  readonly hits: Map<string, Set<Pass>>
  /** By reader, a pass inside of which its section began, or null. */
  readonly inside: Map<string, string | null>
}

/**
 * What is read while pages are being taken away is not to be trusted, whatever the sequence was: when several passes
 * overlap, the end of one is not the end of all.
 */
export const nothingIsReadInsideAPass = contract({
  id: 'INT-09',
  binds: 'notifier-core',
  says: 'read_retry is true if a pass that had invalidated the notifier was open when read_begin returned',
  cites: ['000:6244-6247', '000:6291-6297'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { passes },
  start: (): Sections => ({ hits: new Map(), inside: new Map() }),
  on: {
    mmu_interval_notifier_insert: ({ hits }, { interval }) => void hits.set(interval, new Set()),
    'invalidate.return': ({ hits }, { interval, pass, result }, { passes }) => {
      const known = passes.byId.get(pass)
      if (result && known) hits.get(interval)?.add(known)
    },
    __mmu_notifier_invalidate_range_end: ({ hits }, { pass }, { passes }) => {
      const known = passes.byId.get(pass)
      if (known) for (const ofOne of hits.values()) ofOne.delete(known)
    },
    'mmu_interval_read_begin.return': ({ hits, inside }, { task, interval }) => {
      // A pass that is not open yet may still be refused, and is over then without an end.
      const open = [...(hits.get(interval) ?? [])].find(({ phase }) => phase === 'open')
      inside.set(`${task} ${interval}`, open?.pass ?? null)
    },
    'mmu_interval_read_retry.return': ({ inside }, { task, interval, result }, _known, tell) => {
      const pass = inside.get(`${task} ${interval}`)
      if (pass === undefined) return
      if (pass !== null && !result)
        tell.object(`what was read of ${interval} counts, and ${pass} was open when that began`)
      else tell.exercise(pass === null ? 'began outside' : 'began inside, read again')
    },
  },
})
