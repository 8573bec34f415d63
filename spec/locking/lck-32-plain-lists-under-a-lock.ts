import { contract } from '../contract'

/** What leaves a list that a lock protects has left it: nobody goes on from it, nobody removes it again. */
export const plainListsUnderALock = contract({
  id: 'LCK-32',
  level: 'MAY',
  binds: 'hmm',
  says: 'an entry of a list that is walked under a lock is removed once, with links that are poison from then on',
  cites: ['000:1086-1087'],
  minimum: { exercised: 200, witnesses: 1 },
  /** Entries by the list they are on. */
  start: () => new Map<string, string>(),
  on: {
    list_add_tail: (state, { list, item }) => void state.set(item, list),
    list_del: (state, { list, item }, _known, tell) => {
      if (state.get(item) === list) tell.exercise(item.split(':')[0]!)
      else tell.object(`${item} is removed from ${list}, on which it is not`)
      state.delete(item)
    },
  },
})
