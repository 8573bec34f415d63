import { contract } from '../contract'

interface Told {
  readonly interval: string
  readonly cur_seq: number
  set: boolean
}

/** A section of a reader, and the callbacks that agreed inside of it. */
interface Section {
  readonly interval: string
  /** Whether they had to be told without blocking, of those that set the sequence. */
  readonly set: boolean[]
  /** A pass that was agreed to without. */
  unset: string | null
}

interface Sequences {
  /** By task, the callback that it is inside of. */
  readonly told: Map<number, Told>
  /** By task that reads. */
  readonly sections: Map<number, Section>
}

/**
 * Without the sequence of the pass its readers do not read again. Who has no reader at that moment may leave it: Linux's
 * own drivers do so for what they migrate themselves.
 */
export const agreeingSetsTheSequence = contract({
  id: 'INT-11',
  binds: 'driver',
  says: 'an invalidate callback that returns true inside a section of a reader has called set_seq with the sequence it was given; no other is set, and nowhere else',
  cites: ['000:6283-6297', '000:6245-6246'],
  minimum: { exercised: 20, witnesses: 2 },
  start: (): Sequences => ({ told: new Map(), sections: new Map() }),
  on: {
    'mmu_interval_read_begin.return': ({ sections }, { task, interval }) =>
      void sections.set(task, { interval, set: [], unset: null }),
    invalidate: ({ told }, { task, interval, cur_seq }) =>
      void told.set(task, { interval, cur_seq, set: false }),
    mmu_interval_set_seq: ({ told }, { task, interval, cur_seq }, _known, tell) => {
      const inside = told.get(task)
      if (inside?.interval !== interval)
        tell.object(`the sequence of ${interval} is set outside of its callback`)
      else if (inside.cur_seq !== cur_seq)
        tell.object(`${interval} is given sequence ${inside.cur_seq} and sets ${cur_seq}`)
      else inside.set = true
    },
    'invalidate.return': ({ told, sections }, { task, interval, pass, blockable, result }) => {
      const inside = told.get(task)
      told.delete(task)
      if (!inside || !result) return
      for (const section of sections.values()) {
        if (section.interval !== interval) continue
        if (inside.set) section.set.push(blockable)
        else section.unset = pass
      }
    },
    'mmu_interval_read_retry.return': ({ sections }, { task, interval }, _known, tell) => {
      const section = sections.get(task)
      sections.delete(task)
      if (section?.interval !== interval) return
      if (section.unset !== null)
        tell.object(
          `${interval} agreed to ${section.unset} while it was read, and has not set its sequence`,
        )
      for (const blockable of section.set) tell.exercise(blockable ? 'may block' : 'must not block')
    },
  },
})
