/** What contracts are about, by their areas. */
import type { Contract } from '../spec/contract'
import type { Subject } from './arbitrary'

/** Areas whose contracts are put to the test by worlds about another subject than the kernel. */
const subjectOfArea: Readonly<Record<string, Subject>> = {
  TLB: 'devices',
  DRV: 'devices',
  DEV: 'devices',
  RFC: 'devices',
  INT: 'intervals',
}

export function subjectOf({ id }: Contract): Subject {
  return subjectOfArea[id.slice(0, 3)] ?? 'kernel'
}
