/** The contracts of the oom reaper. */
import type { Contract, Unjudged } from '../contract'
import { theReaperNeverWaits } from './oom-01-the-reaper-never-waits'
import { noWaitForWhoAllocates } from './oom-02-no-wait-for-who-allocates'
import { noReclaimingAllocation } from './oom-03-no-reclaiming-allocation'
import { noHopeInReclaim } from './oom-04-no-hope-in-reclaim'
import { refusalsKeepNothingElse } from './oom-06-refusals-keep-nothing-else'
import { theReaperIsPreempted } from './oom-07-the-reaper-is-preempted'
import { refusalsWithoutOom } from './oom-08-refusals-without-oom'
import { abortedPassesLeaveNoTrace } from './oom-09-aborted-passes-leave-no-trace'

export const oomContracts: readonly Contract[] = [
  theReaperNeverWaits,
  noWaitForWhoAllocates,
  noReclaimingAllocation,
  noHopeInReclaim,
  refusalsKeepNothingElse,
  theReaperIsPreempted,
  refusalsWithoutOom,
  abortedPassesLeaveNoTrace,
]

export const oomUnjudged: readonly Unjudged[] = [
  {
    id: 'OOM-05',
    says: 'what was refused is not torn down, and nobody is told of an end',
    cites: ['002:2475-2477', '000:2973-2975'],
    sameAs: 'MMN-04',
  },
  {
    id: 'OOM-10',
    says: 'the oom reaper does not block on a mutex whose holder makes an allocation that sleeps',
    cites: ['002:4458-4462', '002:4754-4755'],
    sameAs: 'OOM-02',
  },
]
