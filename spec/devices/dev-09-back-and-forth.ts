import { contract } from '../contract'

type Place = 'with the device' | 'back'

/** Nothing limits how often a page goes; a fault that makes no progress meanwhile is HMM-24's, and a storm is a finding. */
export const backAndForth = contract({
  id: 'DEV-09',
  kind: 'permission',
  binds: 'driver',
  says: 'a page that a CPU has got back from a device goes to the device again, as often as both touch it',
  cites: ['000:4101-4106'],
  minimum: { exercised: 10, witnesses: 2 },
  /** By mm and page: where a page that has been with a device is, and how often it has come back. */
  start: (): Map<string, { place: Place; returns: number }> => new Map(),
  on: {
    'migrate_vma.return': (pages, { mm, page, result }, _known, tell) => {
      if (result !== 0) return
      const key = `${mm} ${page}`
      const known = pages.get(key)
      if (known?.place === 'back') tell.exercise(known.returns > 1 ? 'and again' : 'again')
      pages.set(key, { place: 'with the device', returns: known?.returns ?? 0 })
    },
    cpu_access: (pages, { mm, page }) => {
      const known = pages.get(`${mm} ${page}`)
      if (known?.place !== 'with the device') return
      pages.set(`${mm} ${page}`, { place: 'back', returns: known.returns + 1 })
    },
  },
})
