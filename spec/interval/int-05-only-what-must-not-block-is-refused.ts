import { contract } from '../contract'

/** A pass that may block cannot be refused, by interval notifiers either. */
export const onlyWhatMustNotBlockIsRefused = contract({
  id: 'INT-05',
  binds: 'driver',
  says: 'the invalidate callback of an interval notifier returns true in a pass that may block',
  cites: ['002:61-68', '002:730-731'],
  minimum: { exercised: 100, witnesses: 3 },
  on: {
    'invalidate.return': (_state, { interval, pass, blockable, result }, _known, tell) => {
      if (blockable && !result) tell.object(`${interval} refuses ${pass}, which may block`)
      else if (blockable) tell.exercise('may block')
      else tell.exercise(result ? 'must not block, agreed' : 'must not block, refused')
    },
  },
})
