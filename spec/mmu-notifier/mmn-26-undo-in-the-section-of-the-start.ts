import { contract } from '../contract'
import { isUndo, passes } from '../facts/passes'
import { srcu } from '../facts/srcu'

interface Sections {
  /** The section that each task opened last. */
  readonly opened: Map<number, string>
  /** By pass, the section in which its first start was called. */
  readonly ofPass: Map<string, string>
}

/** Who was started is still there to be ended: one section spans the walk and its undo. */
export const undoInTheSectionOfTheStart = contract({
  id: 'MMN-26',
  binds: 'notifier-core',
  says: 'the SRCU section in which the starts of a pass are called stays open until its undo is over',
  cites: ['004:89-98', '000:2424-2428'],
  minimum: { exercised: 20, witnesses: 1 },
  uses: { passes, srcu },
  start: (): Sections => ({ opened: new Map(), ofPass: new Map() }),
  on: {
    'srcu_read_lock.return': ({ opened }, { task, srcu, result }) =>
      void opened.set(task, `${srcu} ${result}`),
    __mmu_notifier_invalidate_range_start: ({ ofPass }, { pass }) => void ofPass.delete(pass),
    invalidate_range_start: ({ opened, ofPass }, { task, pass }) => {
      if (!ofPass.has(pass)) ofPass.set(pass, opened.get(task) ?? '')
    },
    invalidate_range_end: ({ ofPass }, { pass, mn }, { passes, srcu }, tell) => {
      const known = passes.byId.get(pass)
      const section = ofPass.get(pass)
      if (!known || !isUndo(known) || section === undefined) return
      if (srcu.has(section)) tell.exercise('undone in the section of the starts')
      else tell.object(`the undo of ${pass} ends ${mn} after the section of its start was over`)
    },
  },
})
