import { contract } from '../contract'

interface Invalidation {
  readonly start: number
  readonly end: number
  /** When its start was called. */
  readonly at: number
}

interface Bindings {
  /** When each device's entry was stored, by device and page. */
  readonly boundAt: Map<string, number>
  /** Passes that each notifier has agreed to. */
  readonly invalidated: Map<string, Invalidation[]>
  /** By task inside a start, when it was called. */
  readonly entered: Map<number, number>
}

/** The GPU would find the entries of pages that the process had. */
export const validatedBeforeEachJob = contract({
  id: 'DRV-13',
  binds: 'driver',
  says: 'each page of a job for a GPU that cannot fault has been bound since the last invalidation of it',
  cites: ['002:3846-3850'],
  minimum: { exercised: 50, witnesses: 2 },
  start: (): Bindings => ({ boundAt: new Map(), invalidated: new Map(), entered: new Map() }),
  on: {
    device_pte_set: ({ boundAt }, { device, page, at }) =>
      void boundAt.set(`${device} ${page}`, at),
    invalidate_range_start: ({ entered }, { task, at }) => void entered.set(task, at),
    'invalidate_range_start.return': (state, { task, mn, start, end, result }) => {
      const { entered, invalidated } = state
      if (result !== 0) return
      const agreed = invalidated.get(mn) ?? []
      agreed.push({ start, end, at: entered.get(task)! })
      invalidated.set(mn, agreed)
    },
    gpu_submit: ({ boundAt, invalidated }, { job, device, mn, start, end }, _known, tell) => {
      for (let page = start; page < end; page++) {
        const bound = boundAt.get(`${device} ${page}`)
        if (bound === undefined) {
          tell.object(`${job} needs page ${page}, which was never bound`)
          continue
        }
        const met = invalidated.get(mn)?.filter((one) => one.start <= page && page < one.end) ?? []
        if (met.some(({ at }) => at > bound))
          tell.object(
            `${job} needs page ${page}, which was not bound again since it was invalidated`,
          )
        else tell.exercise(met.length > 0 ? 'bound again' : 'never invalidated')
      }
    },
  },
})
