/** The contracts of secondary TLBs: devices that share the page table of the CPU. */
import type { Contract, Unjudged } from '../contract'
import { toldBeforeOthersCanHaveIt } from './tlb-01-told-before-others-can-have-it'
import { toldBetweenClearAndSet } from './tlb-02-told-between-clear-and-set'
import { oneOrderForAllPages } from './tlb-03-one-order-for-all-pages'
import { noFreePageIsTranslated } from './tlb-04-no-free-page-is-translated'
import { protectionMayWait } from './tlb-05-protection-may-wait'
import { theSameMayWait } from './tlb-06-the-same-may-wait'
import { othersRunBeforeItIsTold } from './tlb-07-others-run-before-it-is-told'
import { toldOnce } from './tlb-08-told-once'
import { noEntryUntilItIsFilled } from './tlb-09-no-entry-until-it-is-filled'
import { flushedWhateverIsThere } from './tlb-10-flushed-whatever-is-there'
import { nothingNewBeforeTheFlush } from './tlb-11-nothing-new-before-the-flush'
import { swapEntriesMayWait } from './tlb-12-swap-entries-may-wait'
import { lockedWhileItIsUnmapped } from './tlb-13-locked-while-it-is-unmapped'
import { keptUntilTold } from './tlb-15-kept-until-told'
import { everyKindOfNewPage } from './tlb-16-every-kind-of-new-page'

export const secondaryTlbContracts: readonly Contract[] = [
  toldBeforeOthersCanHaveIt,
  toldBetweenClearAndSet,
  oneOrderForAllPages,
  noFreePageIsTranslated,
  protectionMayWait,
  theSameMayWait,
  othersRunBeforeItIsTold,
  toldOnce,
  noEntryUntilItIsFilled,
  flushedWhateverIsThere,
  nothingNewBeforeTheFlush,
  swapEntriesMayWait,
  lockedWhileItIsUnmapped,
  keptUntilTold,
  everyKindOfNewPage,
]

export const secondaryTlbUnjudged: readonly Unjudged[] = [
  {
    id: 'TLB-14',
    says: 'a new user of try_to_unmap tells secondary TLBs itself where a page could be freed or replaced before the pass ends',
    cites: ['001:23-26'],
    sameAs: 'TLB-01',
  },
]
