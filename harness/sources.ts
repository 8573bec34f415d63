/** Who wrote what a citation points at, and when. */
import sources from '../spec/sources.json'

/** `000:6291-6297 (author, date)` for a citation such as `000:6291-6297`. */
export function sourceOf(cite: string): string {
  const [document, lines] = cite.split(':') as [string, string]
  const first = Number(lines.split('-')[0])
  const message = sources.messages.find(
    (candidate) =>
      candidate.document === document && candidate.first <= first && first <= candidate.last,
  )
  return message ? `${cite} ${message.author}, ${message.date}` : cite
}
