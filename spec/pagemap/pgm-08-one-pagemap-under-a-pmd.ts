import { contract } from '../contract'

/** What holds for the first page under a PMD holds for the rest, unless normal memory lies there too. */
export const onePagemapUnderAPmd = contract({
  id: 'PGM-08',
  kind: 'adversary',
  binds: 'mm',
  says: 'a walk finds pages of a pagemap alone under one PMD, and also beside normal memory',
  cites: ['003:1'],
  minimum: { exercised: 50, witnesses: 2 },
  /** Of each task that walks, what it has found so far. */
  start: (): Map<number, { device: boolean; normal: boolean }> => new Map(),
  on: {
    walk_pmd_pagemaps: (walks, { task }) => void walks.set(task, { device: false, normal: false }),
    'is_zone_device_page.return': (walks, { task, result }) => {
      const found = walks.get(task)
      if (found) found[result ? 'device' : 'normal'] = true
    },
    'walk_pmd_pagemaps.return': (walks, { task }, _known, tell) => {
      const { device, normal } = walks.get(task)!
      walks.delete(task)
      if (device) tell.exercise(normal ? 'beside normal memory' : 'alone')
    },
  },
})
