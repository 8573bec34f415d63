import { contract } from '../contract'
import { mirrors } from '../facts/mirrors'

/** The last mmdrop has nothing of HMM to clean up. */
export const noMmdropBelowHmm = contract({
  id: 'LIF-22',
  binds: 'hmm',
  says: 'an mm_struct is freed only when no mirror of it is registered',
  cites: ['000:382-383'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { mirrors },
  on: {
    kfree: (_state, { object }, { mirrors }, tell) => {
      if (!object.startsWith('mm:')) return
      const mirrored = [...mirrors.mirrors.values()].filter(({ mm }) => mm === object)
      const left = mirrored.find(({ registered }) => registered)
      if (left) tell.object(`${object} is freed and ${left.mirror} still mirrors it`)
      else tell.exercise(mirrored.length > 0 ? 'was mirrored' : 'was never mirrored')
    },
  },
})
