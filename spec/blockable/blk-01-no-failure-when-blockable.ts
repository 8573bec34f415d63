import { contract } from '../contract'

/** Where blocking is allowed nobody may refuse: the caller goes on regardless. */
export const noFailureWhenBlockable = contract({
  id: 'BLK-01',
  binds: 'driver',
  says: 'in a blockable pass invalidate_range_start and sync_cpu_device_pagetables return 0',
  cites: ['002:61-68', '002:730-731'],
  minimum: { exercised: 200, witnesses: 2 },
  on: {
    'sync_cpu_device_pagetables.return': (_state, { mirror, blockable, result }, _known, tell) => {
      if (!blockable) return
      if (result !== 0) tell.object(`${mirror} answers ${result} to an update that may block`)
      else tell.exercise('a mirror agreed')
    },
    'invalidate_range_start.return': (_state, { mn, blockable, result }, _known, tell) => {
      if (!blockable) return
      if (result !== 0) tell.object(`${mn} answers ${result} to a pass that may block`)
      else tell.exercise('a notifier agreed')
    },
  },
})
