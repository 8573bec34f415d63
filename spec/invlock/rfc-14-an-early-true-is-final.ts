import { contract } from '../contract'

/** A section in which was asked early. */
interface Asked {
  /** Whether true was the answer once. */
  useless: boolean
  /** What its end answered; null before. */
  repeat: boolean | null
}

/** Who is told early that a section is useless may spare the work, and not its end; who is not told knows nothing. */
export const anEarlyTrueIsFinal = contract({
  id: 'RFC-14',
  binds: 'driver',
  says: 'once needs_retry is true in a section its end is called and is true too; nothing is published from it, nor because it was false',
  cites: ['000:3962-3964', '000:6934-6946'],
  minimum: { exercised: 100, witnesses: 3 },
  /** By task. */
  start: () => new Map<number, Asked>(),
  on: {
    operation: (asked, { task }) => void asked.delete(task),
    mm_invlock_start_write_and_lock: (asked, { task, invlock }, _known, tell) => {
      const before = asked.get(task)
      if (before?.useless && before.repeat === null)
        tell.object(`a section of ${invlock} is begun anew, and the useless one was not ended`)
      asked.delete(task)
    },
    'mmu_invlock_write_needs_retry.return': (asked, { task, result }) => {
      const useless = result || (asked.get(task)?.useless ?? false)
      asked.set(task, { useless, repeat: null })
    },
    'mn_invlock_end_write_and_unlock.return': (asked, { task, invlock, result }, _known, tell) => {
      const section = asked.get(task)
      if (!section) return
      section.repeat = result
      if (section.useless && !result)
        tell.object(`a section of ${invlock} needs to be repeated, and at its end it does not`)
      else tell.exercise(`${section.useless} early, ${result} at the end`)
    },
    device_pte_set: (asked, { task, name, page }, _known, tell) => {
      const section = asked.get(task)
      if (section?.useless || section?.repeat)
        tell.object(`${name} gets an entry for page ${page} from a section that is to be repeated`)
    },
  },
})
