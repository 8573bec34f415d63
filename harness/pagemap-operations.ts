/** What happens to device memory that a process maps, by name. */
import { count_device_pages } from '../reference/mm/pagemap_walk'
import { unplug } from './dax'
import { asProcess, type Operation } from './operation'

export const pagemapOperations: Readonly<Record<string, Operation>> = {
  memunmap: { takes: [], run: (m) => unplug(m.dax) },
  pagemap_walk: {
    takes: ['page', 'end'],
    run: (m, start, end) => asProcess(m, (mm) => count_device_pages(mm, start!, end!)),
  },
}
