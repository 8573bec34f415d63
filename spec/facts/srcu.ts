/** SRCU read sections that are open, by domain and cookie. */
import { fact } from '../contract'

export const srcu = fact({
  name: 'srcu',
  start: (): Set<string> => new Set(),
  on: {
    'srcu_read_lock.return': (open, { srcu, result }) => void open.add(`${srcu} ${result}`),
    srcu_read_unlock: (open, { srcu, idx }) => void open.delete(`${srcu} ${idx}`),
  },
})
