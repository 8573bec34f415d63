import { contract } from '../contract'

/** An address space without users never gets one again. */
export const noResurrection = contract({
  id: 'LIF-14',
  binds: 'hmm',
  says: 'once the last user of an mm is gone no mmget succeeds on it, and hmm_range_register fails',
  cites: ['000:855-857'],
  minimum: { exercised: 50, witnesses: 2 },
  /** Address spaces that are being torn down, and what each mirror mirrors. */
  start: () => ({ gone: new Set<string>(), mirrored: new Map<string, string>() }),
  on: {
    exit_mmap: ({ gone }, { mm }, _known, tell) => {
      if (gone.has(mm)) tell.object(`${mm} is torn down twice`)
      gone.add(mm)
    },
    mmget: ({ gone }, { mm }, _known, tell) => {
      if (gone.has(mm)) tell.object(`${mm} gets a user after its last one was gone`)
    },
    'mmget_not_zero.return': ({ gone }, { mm, result }, _known, tell) => {
      if (!gone.has(mm)) return
      if (result) tell.object(`mmget_not_zero succeeds on ${mm} after its last user was gone`)
      else tell.exercise('a user was refused')
    },
    'hmm_mirror_register.return': ({ mirrored }, { mirror, mm }) => void mirrored.set(mirror, mm),
    'hmm_range_register.return': ({ gone, mirrored }, { mirror, result }, _known, tell) => {
      if (result < 0 && gone.has(mirrored.get(mirror) ?? '')) tell.exercise('a range was refused')
    },
  },
})
