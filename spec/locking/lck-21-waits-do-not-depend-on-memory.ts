import { contract } from '../contract'
import { completions } from '../facts/completions'

/** Reclaim waits for the callback, and what the callback waits for must not wait for reclaim. */
export const waitsDoNotDependOnMemory = contract({
  id: 'LCK-21',
  binds: 'driver',
  says: 'whoever signals what an invalidation waits for has allocated nothing on the way that may reclaim',
  cites: ['002:2207-2208', '002:2219-2222'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { completions },
  on: {
    run_end: (_state, _event, { completions }, tell) => {
      for (const [fence, on] of completions.waited) {
        const flow = completions.signalled.get(fence)
        if (flow?.reclaims)
          tell.object(`${fence}, for which the callback of ${on} waits, comes after an allocation`)
        else if (flow) tell.exercise('nothing was allocated')
      }
    },
  },
})
