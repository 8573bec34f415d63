import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { gfpflags_allow_blocking } from '../headers/gfp'

/** A callback is called by those who free memory: it may not need any. */
export const callbacksDoNotReclaim = contract({
  id: 'LCK-20',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a callback of a pass allocates nothing that may reclaim',
  cites: ['002:4805-4807', '002:4918-4919'],
  minimum: { exercised: 500, witnesses: 3 },
  uses: { callbacks },
  on: {
    kmalloc: (_state, { task, gfp }, { callbacks }, tell) => {
      const inside = callbacksOf(callbacks, task).findLast(({ op }) => op !== 'release')
      if (inside && gfpflags_allow_blocking(gfp))
        tell.object(`the ${inside.op} of ${inside.on} allocates what may reclaim`)
    },
    'invalidate_range_start.return': (_state, _event, _known, tell) => tell.exercise('a start'),
    'invalidate_range_end.return': (_state, _event, _known, tell) => tell.exercise('an end'),
    'sync_cpu_device_pagetables.return': (_state, _event, _known, tell) =>
      tell.exercise('a mirror'),
  },
})
