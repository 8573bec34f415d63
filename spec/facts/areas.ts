/** The areas of each address space. */
import { fact } from '../contract'

export interface Area {
  readonly mm: string
  start: number
  end: number
  readonly anonymous: boolean
}

export interface Areas {
  readonly byId: Map<string, Area>
}

export const areas = fact({
  name: 'areas',
  start: (): Areas => ({ byId: new Map() }),
  on: {
    __vma_link: ({ byId }, { vma, mm, start, end, anonymous }) =>
      void byId.set(vma, { mm, start, end, anonymous }),
    vma_adjust: ({ byId }, { vma, start, end }) => {
      const known = byId.get(vma)
      if (known) [known.start, known.end] = [start, end]
    },
    __vma_unlink: ({ byId }, { vma }) => void byId.delete(vma),
  },
})

/** The areas of an mm. */
export function areasOf(state: Areas, mm: string): Area[] {
  return [...state.byId.values()].filter((area) => area.mm === mm)
}
