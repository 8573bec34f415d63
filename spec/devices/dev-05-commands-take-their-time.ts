import { contract } from '../contract'
import { translationOf, translations } from '../facts/translations'

/** A driver that has told a device to drop an entry has not yet stopped it. */
export const commandsTakeTheirTime = contract({
  id: 'DEV-05',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device uses a translation that it was told to drop, before it acknowledges that it has',
  cites: ['002:2909-2910', '002:2893-2894'],
  minimum: { exercised: 20, witnesses: 2 },
  uses: { translations },
  /** When each device was told of a page last, by device and page. */
  start: (): Map<string, number> => new Map(),
  on: {
    invalidate_range: (cleared, { mm, start, end, at }, { translations }) => {
      for (const [device, { mm: own, shares, entries }] of translations.byDevice)
        if (shares && own === mm)
          for (const page of entries.keys())
            if (start <= page && page < end) cleared.set(`${device} ${page}`, at)
    },
    device_pte_clear: (cleared, { device, start, end, at }, { translations }) => {
      for (const page of translations.byDevice.get(device)?.entries.keys() ?? [])
        if (start <= page && page < end) cleared.set(`${device} ${page}`, at)
    },
    device_access: (cleared, { device, name, page }, { translations }, tell) => {
      const { since } = translationOf(translations, device, page) ?? { since: Infinity }
      if (since < (cleared.get(`${device} ${page}`) ?? 0)) tell.exercise(`by ${name}`)
    },
  },
})
