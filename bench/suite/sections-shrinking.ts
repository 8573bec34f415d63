/** Shrinking: the suite's results and fast-check's, puzzle by puzzle, and what becomes of the mutants. */
import { map, sortBy, uniq } from 'lodash'
import type { Shrinking } from '../shrinking'
import { left, right, table } from '../../harness/markdown'
import { milliseconds, percent, whole } from './numbers'

export function shrinkingTables({ puzzles, mutants }: Shrinking): string[] {
  return [
    'Generic puzzles, fast-check alone in the columns marked so; search, certificate and time are medians:',
    puzzleTable(puzzles),
    ...(mutants.length > 0
      ? ['Planted defects; search, certificate and time are medians:', mutantTable(mutants)]
      : []),
  ]
}

function puzzleTable(puzzles: Shrinking['puzzles']): string {
  const columns = [
    left('puzzle'),
    ...['seeds', 'operations at first', 'fewest', 'fewest operations', 'fast-check'].map(right),
    ...['and preemptions', 'fast-check', 'distinct', 'fast-check', 'search', 'fast-check'].map(
      right,
    ),
    ...['certificate', 'time', 'fast-check'].map(right),
  ]
  const rows = puzzles.map(({ puzzle, fewest, minimiser: ours, fastCheck: theirs }) => [
    puzzle,
    `${ours.found}`,
    ours.start.toFixed(1),
    `${fewest.operations}, ${fewest.preemptions}`,
    ...[percent(ours.fewestOperations), percent(theirs.fewestOperations)],
    ...[percent(ours.fewestBoth), percent(theirs.fewestBoth)],
    ...[`${ours.distinct}`, `${theirs.distinct}`],
    ...[whole(ours.evaluations), whole(theirs.evaluations)],
    ours.certificate === null ? '' : whole(ours.certificate),
    ...[milliseconds(ours.ms), milliseconds(theirs.ms)],
  ])
  return table(columns, rows)
}

/** Each once, the least first. */
const sortedOf = (values: readonly number[]): string => sortBy(uniq(values)).join(', ')

function mutantTable(mutants: Shrinking['mutants']): string {
  const columns = [
    left('mutant'),
    left('contract'),
    ...['found', 'operations at first', 'operations', 'fewest', 'preemptions'].map(right),
    right('fewest of both'),
    ...['distinct', 'search', 'certificate', 'certified', 'time'].map(right),
  ]
  const rows = mutants.map((one) => {
    const found = `${one.found} of ${one.seeds}`
    if (one.found === 0) return [one.mutant, one.contract, found, ...Array<string>(10).fill('')]
    return [
      one.mutant,
      one.contract,
      found,
      one.start.toFixed(1),
      sortedOf(map(one.results, 'operations')),
      percent(one.fewestOperations),
      sortedOf(map(one.results, 'preemptions')),
      percent(one.fewestBoth),
      `${one.distinct}`,
      whole(one.evaluations),
      whole(one.schedules),
      `${one.certified}`,
      milliseconds(one.ms),
    ]
  })
  return table(columns, rows)
}
