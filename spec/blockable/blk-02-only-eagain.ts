import { contract, type Tell } from '../contract'
import { EAGAIN } from '../headers/types'

/** Where blocking is forbidden there are two answers. */
export const onlyEagain = contract({
  id: 'BLK-02',
  binds: 'driver',
  says: 'in a non-blockable pass the only results are 0 and -EAGAIN',
  cites: ['002:89-91', '002:517-519', '002:732'],
  minimum: { exercised: 100, witnesses: 3 },
  on: {
    'invalidate_range_start.return': (_state, { mn, blockable, result }, _known, tell) =>
      judge('start', mn, blockable, result, tell),
    'sync_cpu_device_pagetables.return': (_state, { mirror, blockable, result }, _known, tell) =>
      judge('sync', mirror, blockable, result, tell),
  },
})

function judge(op: string, on: string, blockable: boolean, result: number, tell: Tell): void {
  if (blockable) return
  if (result === 0) tell.exercise(`${op} agreed`)
  else if (result === -EAGAIN) tell.exercise(`${op} refused`)
  else tell.object(`${on} answers ${result} to a pass that must not block`)
}
