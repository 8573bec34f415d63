import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'

interface Registering {
  /** Ranges being registered, by task. */
  readonly ranges: Map<number, string>
}

/** A range belongs to a mirror that is there: it finds its hmm by it and makes none. */
export const rangesOfRegisteredMirrors = contract({
  id: 'HMM-30',
  binds: 'driver',
  says: 'hmm_range_register gets a mirror that is registered, and registers no notifier',
  cites: ['000:251-257'],
  minimum: { exercised: 200, witnesses: 2 },
  uses: { mirrors },
  start: (): Registering => ({ ranges: new Map() }),
  on: {
    hmm_range_register: ({ ranges }, { task, range, mirror }, { mirrors }, tell) => {
      ranges.set(task, range)
      if (!mirrors.mirrors.get(mirror)?.registered)
        return tell.object(`${range} is registered with ${mirror}, which is not registered`)
      const others = [...mirrors.mirrors.values()].filter((one) => one.registered).length
      tell.exercise(others > 1 ? 'one of several mirrors' : 'the only mirror')
    },
    __mmu_notifier_register: ({ ranges }, { task, mn }, _known, tell) => {
      const range = ranges.get(task)
      if (range !== undefined) tell.object(`the registration of ${range} registers ${mn}`)
    },
    'hmm_range_register.return': ({ ranges }, { task }) => void ranges.delete(task),
  },
})
