/** The kinds of exception below `harness/`: our fault, the user's, and what becomes of what is run. */

/** The engine, a fixture or a declaration is wrong: never the fault of the system under test. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
}

/** What the user asked for cannot be done: one sentence that names the thing and the mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The simulated system did something fatal (BUG, use after free): it ends the task that did it. */
export class Oops extends Error {
  override readonly name = 'Oops'
}

/** What is run is no longer there, does not answer, or answers what makes no sense: it ends the run. */
export class Gone extends Error {
  override readonly name = 'Gone'

  constructor(
    readonly kind: 'crash' | 'hang' | 'protocol',
    says: string,
  ) {
    super(says)
  }
}
