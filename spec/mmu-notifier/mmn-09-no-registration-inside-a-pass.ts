import { contract } from '../contract'
import { openPasses, passes, type Passes } from '../facts/passes'

interface Registration {
  readonly mm: string
  readonly overlapped: boolean
  /** At some moment of the call no pass of the mm was surely open. */
  wasQuiet: boolean
}

/** A notifier is added while no pass is open, so it never meets an end without a start. */
export const noRegistrationInsideAPass = contract({
  id: 'MMN-09',
  binds: 'notifier-core',
  says: 'no notifier is added to an mm while a pass of that mm is between its start and its end',
  cites: ['004:96-97', '002:461-463', '002:4698-4699'],
  minimum: { exercised: 50, witnesses: 2 },
  uses: { passes },
  start: () => new Map<string, Registration>(),
  on: {
    __mmu_notifier_register: (state, { mn, mm }, { passes }) => {
      const open = openPasses(passes, mm).length > 0
      state.set(mn, { mm, overlapped: open, wasQuiet: !open })
    },
    __mmu_notifier_invalidate_range_end: (state, { mm }, { passes }) => quieten(state, mm, passes),
    '__mmu_notifier_register.return': (state, { mn, mm, result }, { passes }, tell) => {
      const known = state.get(mn)
      if (!known || result !== 0) return
      if (!known.wasQuiet)
        tell.object(
          `${mn} is added to ${mm} although ${openPasses(passes, mm)[0]?.pass ?? 'a pass'} was open all the while`,
        )
      else tell.exercise(known.overlapped ? 'waited for a pass' : 'no pass was open')
      state.delete(mn)
    },
  },
})

function quieten(state: Map<string, Registration>, mm: string, passes: Passes): void {
  if (openPasses(passes, mm).length > 0) return
  for (const registration of state.values())
    if (registration.mm === mm) registration.wasQuiet = true
}
