import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { mirrors } from '../facts/mirrors'
import { surelyCounted, quiescence } from '../facts/quiescence'

interface Added {
  /** By mirror, the passes that were counted when it was registered, as `mn pass`. */
  readonly under: Map<string, Set<string>>
}

/** Who joins inside a pass has nothing to drop yet, and is not told of it. */
export const aMirrorAddedInsideAPass = contract({
  id: 'HMM-41',
  binds: 'hmm',
  says: 'a mirror that is registered after the start of a pass has returned gets no sync for it; its ranges are busy instead',
  cites: ['000:1106-1107', '000:3106-3120'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { callbacks, mirrors, quiescence },
  start: (): Added => ({ under: new Map() }),
  on: {
    hmm_mirror_register: ({ under }, { mirror }) => void under.set(mirror, new Set()),
    'hmm_mirror_register.return': ({ under }, { mirror, result }, { mirrors, quiescence }) => {
      const mn = mirrors.mirrors.get(mirror)?.mn
      if (result !== 0 || mn === undefined) return
      const counted = [...surelyCounted(quiescence, mn).keys()]
      under.set(mirror, new Set(counted.map((pass) => `${mn} ${pass}`)))
    },
    invalidate_range_start: ({ under }, { mn, pass }) => {
      for (const passes of under.values()) passes.delete(`${mn} ${pass}`)
    },
    sync_cpu_device_pagetables: ({ under }, { task, mirror, start, end }, { callbacks }, tell) => {
      const inStart = callbacksOf(callbacks, task).some(({ op }) => op === 'start')
      if (!inStart && under.has(mirror))
        tell.object(`${mirror} is told of [${start}, ${end}) outside the start of any pass`)
    },
    invalidate_range_end: ({ under }, { mn, pass }, _known, tell) => {
      for (const passes of under.values())
        if (passes.delete(`${mn} ${pass}`)) tell.exercise('the pass ended, and it was not told')
    },
  },
})
