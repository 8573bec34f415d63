/** Results in the order of their items, though several are under way at once. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  execute: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = []
  for (let next = 0; next < items.length; next++) {
    while (begun.length < Math.min(items.length, next + atOnce)) {
      const running = execute(items[begun.length]!)
      // Whether it failed is asked when its turn comes, which may be never.
      running.catch(() => undefined)
      begun.push(running)
    }
    yield await begun[next]!
  }
}
