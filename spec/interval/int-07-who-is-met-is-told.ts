import { contract } from '../contract'
import { intervals, standingIn } from '../facts/intervals'
import { intersects, overlapShape, passes } from '../facts/passes'

interface Begun {
  /** How notifiers lie to it that it has yet to tell. */
  readonly owed: Map<string, string>
  /** How notifiers lie to it that it does not concern. */
  readonly beside: Map<string, string>
  /** How those lay to it that it told. */
  readonly told: Map<string, string>
}

/** Who is not found uses what is gone; who is told of what does not concern it waits for nothing. */
export const whoIsMetIsTold = contract({
  id: 'INT-07',
  binds: 'notifier-core',
  says: 'a pass that is not refused has told every interval notifier that it meets, each once and no other, when its start returns; what was inserted while passes were open counts from the end of the last of them',
  cites: ['000:6245-6246', '000:3091'],
  minimum: { exercised: 200, witnesses: 5 },
  uses: { intervals, passes },
  /** By pass that begins. */
  start: () => new Map<string, Begun>(),
  on: {
    __mmu_notifier_invalidate_range_start: (starting, { pass, mm, start, end }, { intervals }) => {
      const begun: Begun = { owed: new Map(), beside: new Map(), told: new Map() }
      for (const one of standingIn(intervals, mm)) {
        const lies = overlapShape({ start, end }, one)
        if (intersects({ start, end }, one)) begun.owed.set(one.interval, lies)
        else begun.beside.set(one.interval, lies)
      }
      starting.set(pass, begun)
    },
    invalidate: (starting, { interval, pass, start, end }, { intervals, passes }, tell) => {
      const one = intervals.byId.get(interval)
      const isKnown = one !== undefined && one.start < one.end
      if (isKnown && !intersects({ start, end }, one))
        tell.object(
          `${interval} [${one.start}, ${one.end}) is told of ${pass} [${start}, ${end}), which does not meet it`,
        )
      const begun = starting.get(pass)
      if (!begun || passes.byId.get(pass)?.phase !== 'starting') return
      if (begun.told.has(interval)) tell.object(`${interval} is told of ${pass} twice`)
      begun.told.set(interval, begun.owed.get(interval) ?? 'inserted just now')
      begun.owed.delete(interval)
    },
    mmu_interval_notifier_remove: (starting, { interval }) => {
      for (const { owed, beside } of starting.values()) {
        owed.delete(interval)
        beside.delete(interval)
      }
    },
    '__mmu_notifier_invalidate_range_start.return': (starting, { pass }, { passes }, tell) => {
      const begun = starting.get(pass)
      starting.delete(pass)
      if (!begun || passes.byId.get(pass)?.phase !== 'open') return
      for (const [interval, lies] of begun.owed)
        tell.object(`${pass} has begun and ${interval}, which lies to it as ${lies}, was not told`)
      for (const lies of begun.told.values()) tell.exercise(`${lies}, told`)
      for (const lies of begun.beside.values()) tell.exercise(`${lies}, not told`)
    },
  },
})
