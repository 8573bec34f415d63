/** Huge entries: what happens to one, as if each of its pages had an entry of its own. */
import { HPAGE_PMD_NR } from '../headers/mm'

/** An event of a huge entry for each page: `pfn` and `result` are that page's. */
export function eachOf<E extends { readonly page: number }>(event: E): E[] {
  return Array.from({ length: HPAGE_PMD_NR }, (_, n) => {
    const one: Record<string, unknown> = { ...event, page: event.page + n }
    for (const field of ['pfn', 'result'] as const)
      if (field in one && (one[field] as number) >= 0) one[field] = (one[field] as number) + n
    return one as E
  })
}
