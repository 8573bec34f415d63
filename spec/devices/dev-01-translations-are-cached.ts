import { contract } from '../contract'
import { translationOf, translations } from '../facts/translations'

/** A device looks a page up once and uses what it found again and again. */
export const translationsAreCached = contract({
  id: 'DEV-01',
  kind: 'adversary',
  binds: 'driver',
  says: 'a device uses a translation that it has cached a second time, without another look at any page table',
  cites: ['001:366-368', '001:398-399'],
  minimum: { exercised: 100, witnesses: 2 },
  uses: { translations },
  on: {
    device_access: (_state, { device, page }, { translations }, tell) => {
      const cached = translationOf(translations, device, page)
      if (!cached || cached.uses.length < 2) return
      const { shares } = translations.byDevice.get(device)!
      tell.exercise(shares ? "the CPU's page table" : 'a page table of its own')
    },
  },
})
