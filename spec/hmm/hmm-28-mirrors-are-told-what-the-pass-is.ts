import { contract } from '../contract'
import { callbacks, startOf } from '../facts/callbacks'
import { passes } from '../facts/passes'
import { HMM_UPDATE_INVALIDATE } from '../headers/types'

/** A mirror hears of a pass what the notifier of HMM heard of it. */
export const mirrorsAreToldWhatThePassIs = contract({
  id: 'HMM-28',
  binds: 'hmm',
  says: 'sync gets the interval of the pass and its permission to block, as an HMM_UPDATE_INVALIDATE',
  cites: ['000:3079-3080', '000:213-214'],
  minimum: { exercised: 200, witnesses: 4 },
  uses: { callbacks, passes },
  on: {
    sync_cpu_device_pagetables: (_state, { task, mirror, ...update }, known, tell) => {
      const caller = startOf(known.callbacks, task)
      const pass = caller && known.passes.byId.get(caller.pass)
      if (!pass) return
      if (update.start !== pass.start || update.end !== pass.end)
        tell.object(
          `${mirror} is told of [${update.start}, ${update.end}) by ${pass.pass} over [${pass.start}, ${pass.end})`,
        )
      else if (update.blockable !== caller.blockable)
        tell.object(
          `${mirror} is told that it ${update.blockable ? 'may' : 'must not'} block by ${pass.pass}, which says otherwise`,
        )
      else if (update.event !== HMM_UPDATE_INVALIDATE)
        tell.object(`${mirror} is told of event ${update.event} by ${pass.pass}`)
      else
        tell.exercise(
          `${pass.end - pass.start === 1 ? 'one page' : 'several pages'}, ${update.blockable ? '' : 'non-'}blockable`,
        )
    },
  },
})
