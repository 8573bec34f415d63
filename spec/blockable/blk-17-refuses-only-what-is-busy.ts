import { contract } from '../contract'
import { callbacks, callbacksOf } from '../facts/callbacks'
import { EAGAIN } from '../headers/types'

interface Tried {
  /** Tasks that found something taken in the callback that they are in. */
  readonly busy: Set<number>
  /** Notifiers of jobs that are under way or about to be. */
  readonly pending: Set<string>
}

/** Memory can be had quickly wherever nobody is in the way. */
export const refusesOnlyWhatIsBusy = contract({
  id: 'BLK-17',
  level: 'SHOULD',
  binds: 'driver',
  says: 'a callback that must not block refuses only after something that it tried was taken, or while some job is under way',
  cites: ['002:3542-3546', '002:3423-3426'],
  minimum: { exercised: 50, witnesses: 3 },
  uses: { callbacks },
  start: (): Tried => ({ busy: new Set(), pending: new Set() }),
  on: {
    driver_interest: ({ pending }, { mn }) => void pending.add(mn),
    'mmu_notifier_unregister.return': ({ pending }, { mn }) => void pending.delete(mn),
    invalidate_range_start: ({ busy }, { task }) => void busy.delete(task),
    sync_cpu_device_pagetables: ({ busy }, { task }) => void busy.delete(task),
    'mutex_trylock.return': ({ busy }, { task, result }) => {
      if (result === 0) busy.add(task)
    },
    'spin_trylock.return': ({ busy }, { task, result }) => {
      if (result === 0) busy.add(task)
    },
    'down_read_trylock.return': ({ busy }, { task, result }) => {
      if (result === 0) busy.add(task)
    },
    'sync_cpu_device_pagetables.return': ({ busy }, event, _known, tell) => {
      const { task, mirror, blockable, result } = event
      if (blockable) return
      if (result === 0) tell.exercise('a mirror agreed')
      else if (result !== -EAGAIN) return
      else if (busy.has(task)) tell.exercise('a mirror found something taken')
      else tell.object(`${mirror} refuses although nothing that it tried was taken`)
      // Whoever asked it has to refuse too.
      if (result !== 0) busy.add(task)
    },
    'invalidate_range_start.return': ({ busy, pending }, event, { callbacks }, tell) => {
      const { task, mn, blockable, result } = event
      const wasBusy = busy.delete(task) || pending.has(mn)
      if (blockable || callbacksOf(callbacks, task).length > 0) return
      if (result === 0) tell.exercise('a notifier agreed')
      else if (result === -EAGAIN && !wasBusy)
        tell.object(`${mn} refuses although nothing that it tried was taken`)
    },
  },
})
