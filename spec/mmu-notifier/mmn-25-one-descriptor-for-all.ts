import { contract, type Known, type Tell } from '../contract'
import { passes } from '../facts/passes'

const uses = { passes }

/** Everybody is told the same of one pass. */
export const oneDescriptorForAll = contract({
  id: 'MMN-25',
  binds: 'notifier-core',
  says: 'every callback of a pass sees the interval, the mm and the permission to block that its caller gave',
  cites: ['000:198-199', '002:4515-4525'],
  minimum: { exercised: 200, witnesses: 4 },
  uses,
  on: {
    invalidate_range_start: (_state, event, known, tell) => judge('start', event, known, tell),
    invalidate_range_end: (_state, event, known, tell) => judge('end', event, known, tell),
  },
})

interface Told {
  readonly mn: string
  readonly pass: string
  readonly mm: string
  readonly start: number
  readonly end: number
  readonly blockable: boolean
  readonly trial: boolean
}

function judge(op: string, told: Told, { passes }: Known<typeof uses>, tell: Tell): void {
  const { mn, pass, mm, start, end, blockable, trial } = told
  const known = passes.byId.get(pass)
  if (!known) return
  if (known.mm !== mm || known.start !== start || known.end !== end)
    tell.object(
      `${mn} is told of [${start}, ${end}) by ${pass} over [${known.start}, ${known.end})`,
    )
  else if (trial && !blockable) tell.exercise(`${op}, tried without blocking`)
  else if (known.blockable !== blockable)
    tell.object(
      `${mn} is told that it ${blockable ? 'may' : 'must not'} block by ${pass}, whose caller says otherwise`,
    )
  else tell.exercise(`${op}, ${blockable ? '' : 'non-'}blockable`)
}
