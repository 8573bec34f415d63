import { contract } from '../contract'

interface Ranges {
  readonly registered: Set<string>
  /** Ranges whose registration failed. */
  readonly refused: Set<string>
}

/** Each registration that succeeded is given back once, and none that did not. */
export const unregisteredOnce = contract({
  id: 'HMM-32',
  binds: 'driver',
  says: 'hmm_range_unregister is called once for each registration that succeeded, before the range is freed, and never for one that failed',
  cites: ['000:1046-1048', '000:1026-1027'],
  minimum: { exercised: 200, witnesses: 2 },
  start: (): Ranges => ({ registered: new Set(), refused: new Set() }),
  on: {
    'hmm_range_register.return': ({ registered, refused }, { range, result }) => {
      if (result === 0) registered.add(range)
      else refused.add(range)
    },
    hmm_range_unregister: ({ registered, refused }, { range }, _known, tell) => {
      if (registered.delete(range)) tell.exercise('registered and unregistered')
      else
        tell.object(
          `${range}, ${refused.has(range) ? 'whose registration failed' : 'which is not registered'}, is unregistered`,
        )
    },
    kfree: ({ registered, refused }, { object }, _known, tell) => {
      if (registered.has(object)) tell.object(`${object} is freed and was not unregistered`)
      if (refused.delete(object)) tell.exercise('refused and left alone')
    },
    run_end: ({ registered }, { kind }, _known, tell) => {
      if (kind !== 'done') return
      for (const range of registered) tell.object(`${range} is never unregistered`)
    },
  },
})
