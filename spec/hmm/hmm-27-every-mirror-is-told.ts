import { contract } from '../contract'
import { callbacks, startOf } from '../facts/callbacks'
import { mirrors, type Mirror } from '../facts/mirrors'

interface Fan {
  /** Mirrors that were registered when the start was called. */
  readonly owed: readonly Mirror[]
  readonly told: Set<string>
}

/** A start reaches every mirror once, wherever its ranges are; one that may not block may stop early. */
export const everyMirrorIsTold = contract({
  id: 'HMM-27',
  binds: 'hmm',
  says: 'a start calls sync once on every mirror that is registered throughout it; a non-blockable one may stop at the first -EAGAIN',
  cites: ['000:3106-3120'],
  minimum: { exercised: 200, witnesses: 4 },
  uses: { callbacks, mirrors },
  /** By `mn pass`. */
  start: (): Map<string, Fan> => new Map(),
  on: {
    invalidate_range_start: (fans, { mn, pass }, { mirrors }) => {
      if (!mirrors.notifiers.get(mn)?.listed) return
      const owed = [...mirrors.mirrors.values()].filter(
        (mirror) => mirror.mn === mn && mirror.registered,
      )
      fans.set(`${mn} ${pass}`, { owed, told: new Set() })
    },
    sync_cpu_device_pagetables: (fans, { task, mirror }, { callbacks }, tell) => {
      const caller = startOf(callbacks, task)
      const fan = caller && fans.get(`${caller.on} ${caller.pass}`)
      if (!fan) return
      if (fan.told.has(mirror)) tell.object(`${mirror} is told of ${caller.pass} twice`)
      fan.told.add(mirror)
    },
    'invalidate_range_start.return': (fans, { mn, pass, blockable, result }, { mirrors }, tell) => {
      const fan = fans.get(`${mn} ${pass}`)
      fans.delete(`${mn} ${pass}`)
      // Whom its release has told has nothing left to drop.
      if (!fan || !mirrors.notifiers.get(mn)?.listed) return
      const owed = fan.owed.filter(
        (owing) => owing.registered && mirrors.mirrors.get(owing.mirror) === owing,
      )
      if (owed.length === 0) return
      const missed = owed.find(({ mirror }) => !fan.told.has(mirror))
      const mode = blockable ? 'blockable' : result === 0 ? 'non-blockable' : 'refused'
      if (missed && mode !== 'refused')
        tell.object(`${missed.mirror} is not told of ${pass}, a ${mode} pass`)
      else tell.exercise(`${mode}, ${owed.length === 1 ? 'one mirror' : 'several mirrors'}`)
    },
  },
})
