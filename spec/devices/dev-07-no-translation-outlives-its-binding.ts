import { contract } from '../contract'

interface Tlb {
  /** Pages that each device has used since it last dropped them, as `device page`. */
  readonly cached: Set<string>
  /** Those whose entry was cleared since. */
  readonly stale: Set<string>
  /** Those that were flushed behind such a clear. */
  readonly flushed: Set<string>
}

/** Unbinding clears the entries; what the GPU has cached of them has to go as well before it works again. */
export const noTranslationOutlivesItsBinding = contract({
  id: 'DEV-07',
  binds: 'driver',
  says: 'when a job is handed to a GPU, the GPU has dropped what it had cached of entries that were cleared',
  cites: ['002:3846-3853'],
  minimum: { exercised: 50, witnesses: 1 },
  start: (): Tlb => ({ cached: new Set(), stale: new Set(), flushed: new Set() }),
  on: {
    device_access: ({ cached }, { device, page }) => void cached.add(`${device} ${page}`),
    device_pte_clear: ({ cached, stale }, { device, start, end }) => {
      for (const key of pagesIn(cached, device, start, end)) stale.add(key)
    },
    device_tlb_flush: ({ cached, stale, flushed }, { device, start, end }) => {
      for (const key of pagesIn(cached, device, start, end)) cached.delete(key)
      for (const key of pagesIn(stale, device, start, end)) {
        stale.delete(key)
        flushed.add(key)
      }
    },
    gpu_submit: ({ stale, flushed }, { job, device, start, end }, _known, tell) => {
      const [left] = pagesIn(stale, device, start, end)
      if (left !== undefined)
        tell.object(`${job} is handed over while its GPU has an entry cached that was cleared`)
      else if (pagesIn(flushed, device, start, end).length > 0) tell.exercise('flushed before')
    },
  },
})

function pagesIn(keys: ReadonlySet<string>, device: string, start: number, end: number): string[] {
  return [...keys].filter((key) => {
    const [own, page] = key.split(' ')
    return own === device && start <= Number(page) && Number(page) < end
  })
}
