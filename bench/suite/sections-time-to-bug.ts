/** Time to bug: which strategy is good for what, and every mutant. */
import { mean, uniq } from 'lodash'
import { median } from '../models/statistics'
import type { Cell } from '../time-to-bug-mutant'
import type { TimesToBug, TimeToBug } from '../time-to-bug'
import { left, right, table } from '../../harness/markdown'
import { figure, times, whole } from './numbers'

export function bugTables(figures: TimesToBug): string[] {
  const { campaigns, cap, budget, slow, rows } = figures
  return [
    `At most ${campaigns} campaigns of at most ${whole(cap)} schedules each, all of them for the portfolio on the mutants behind the documents' diagrams; elsewhere until ${budget} schedules were made. Strategies alone are tried where the portfolio's mean is at most ${whole(slow)}.`,
    'Each strategy on the mutants on which it was tried alone, its schedules over those of the portfolio:',
    byStrategy(rows),
    'Each mutant, in schedules; diagram: the documents draw it.',
    byMutant(rows),
  ]
}

function byStrategy(rows: readonly TimeToBug[]): string {
  const names = uniq(rows.flatMap(({ alone }) => alone.map(({ strategy }) => strategy)))
  const columns = [
    left('strategy'),
    ...[
      'mutants',
      'best on',
      'median ratio',
      'geometric mean',
      'worst',
      'campaigns missed or stopped',
    ].map(right),
  ]
  return table(
    columns,
    names.map((name) => {
      const own = rows.flatMap(({ alone, portfolio, best }) =>
        alone
          .filter(({ strategy }) => strategy === name)
          .map((cell) => ({ cell, ratio: cell.mean / portfolio.mean, best: best === name })),
      )
      const ratios = own.map(({ ratio }) => ratio)
      return [
        name,
        `${own.length}`,
        `${own.filter(({ best }) => best).length}`,
        figure(median(ratios)),
        figure(Math.exp(mean(ratios.map(Math.log)))),
        figure(Math.max(...ratios)),
        missedOf(own.map(({ cell }) => cell)),
      ]
    }),
  )
}

function missedOf(cells: readonly Cell[]): string {
  const total = (of: 'missed' | 'campaigns') => cells.reduce((sum, cell) => sum + cell[of], 0)
  return `${total('missed')} of ${total('campaigns')}`
}

function byMutant(rows: readonly TimeToBug[]): string {
  const columns = [
    left('mutant'),
    left('diagram'),
    ...['portfolio, median', 'mean', 'missed'].map(right),
    left('best alone'),
    ...['its median', 'its mean', 'portfolio over it'].map(right),
  ]
  return table(
    columns,
    rows.map(({ mutant, diagram, portfolio, alone, best, ratio }) => {
      const own = alone.find(({ strategy }) => strategy === best)
      return [
        mutant,
        diagram ? 'yes' : '',
        figure(portfolio.median),
        figure(portfolio.mean),
        missedOf([portfolio]),
        ...(own && ratio !== null
          ? [own.strategy, figure(own.median), figure(own.mean), times(ratio)]
          : ['not tried', '', '', '']),
      ]
    }),
  )
}
