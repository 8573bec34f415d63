/**
 * The inevitability curve of a failure: how many of the ways to go on fail too, after each of its steps.
 *
 * A share is that of random walks that begin as the failing run did. They are drawn from the case itself, so the
 * same case has the same curve.
 */
import { last } from 'lodash'
import type { Execute } from './attempts'
import { recorded, type Choice } from './choice'
import type { Best } from './cost'
import { childSeed } from './random'
import { stickyWalk } from './strategies/sticky'
import { digest, encodeChoices } from './token'

export interface Inevitability {
  /** Of the continuations, how many failed: before the first step, then after each. */
  readonly shares: readonly number[]
  /** Steps behind which every continuation failed, and behind every later one too. */
  readonly certain: number
  /** Continuations at every step. */
  readonly continuations: number
  readonly executions: number
}

export interface InevitabilityOptions {
  /** Steps to look at, from the first on: all of them unless told. */
  readonly steps?: number
  /** At every step, as long as there are not too many steps for it. */
  readonly continuations?: number
  /** Executions that it may take, about. */
  readonly budget?: number
}

const continuationsDefault = 100
const budgetDefault = 5_000

export function inevitability(
  execute: Execute,
  { case: of, execution }: Best,
  options: InevitabilityOptions = {},
): Inevitability {
  const steps = execution.steps.slice(0, options.steps)
  const looks = 1 + steps.filter(({ choice }) => choice >= 0).length
  const affordable = Math.ceil((options.budget ?? budgetDefault) / looks)
  const continuations = Math.min(options.continuations ?? continuationsDefault, affordable)
  const seed = parseInt(digest(JSON.stringify(of) + encodeChoices(execution.choices)), 16)
  let executions = 0
  const shareBehind = (choices: number): number => {
    let failed = 0
    for (let walk = 0; walk < continuations; walk++) {
      const beginning = execution.choices.slice(0, choices)
      if (execute(of, continued(beginning, stickyWalk(childSeed(seed, walk)))).failed) failed++
    }
    executions += continuations
    return failed / continuations
  }
  const shares = [shareBehind(0)]
  // What a step leads to that nobody chose, the state before it led to already.
  for (const { choice } of steps) shares.push(choice < 0 ? last(shares)! : shareBehind(choice + 1))
  const certain = shares.findLastIndex((share) => share < 1) + 1
  return { shares, certain, continuations, executions }
}

/** Recorded choices first, then another source's. */
function continued(choices: readonly number[], then: Choice): Choice {
  const first = recorded(choices)
  let left = choices.length
  return {
    pick: (...asked) => (left-- > 0 ? first.pick(...asked) : then.pick(...asked)),
  }
}
