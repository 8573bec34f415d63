/** `docs/performance.md`, rendered from `docs/performance.json` and from nothing else. */
import { groupBy, sum, uniq } from 'lodash'
import { code, left, table } from '../../harness/markdown'
import { demands } from './demands'
import type { Performance, Taken } from './performance'
import { benches, type Bench } from './plan'
import { sectionOf } from './sections'
import { milliseconds } from './numbers'

export function pageOf(performance: Performance): string {
  const parts = [
    '# Performance',
    ...introduction(performance),
    '## What is demanded',
    demanded(performance),
    ...benches.flatMap((bench) => section(bench, performance)),
  ]
  return `${parts.join('\n\n')}\n`
}

function introduction({ node, cpus, benches: taken }: Performance): string[] {
  const all = Object.values(taken) as Taken<unknown>[]
  const { quick = [] } = groupBy(all, 'size')
  const days = uniq(all.map(({ date }) => date.slice(0, 10)))
  return [
    [
      'This page is what the suite claims of its speed, its reach and the quality of its answers, next to',
      'what was measured. Ratios compare things that ran side by side in one run, in rounds that take turns,',
      'so a slow or busy machine slows both; absolute rates and times belong to the machine. The page is',
      'rendered from [performance.json](performance.json), which has every figure; whether a demand is met is',
      'computed from it.',
    ].join('\n'),
    [
      `Measured on ${days.join(', ')} with Node ${node} on ${cpus.count} processors (${cpus.model}), in`,
      `${milliseconds(sum(all.map(({ seconds }) => seconds)) * 1000)}.`,
      ...(quick.length > 0
        ? [
            `**${quick.length} of ${all.length} benches are of a quick run**: their samples are smaller than demanded, so`,
            'rows that demand a size are not met, and small samples are noisy.',
          ]
        : []),
    ].join('\n'),
    [
      '```',
      'npm run bench                                 all benches one after another, and this page',
      'npm run bench -- --quick                      the same in some minutes, from smaller samples',
      'npm run bench -- --only determinism --runs 1000000',
      '                                              one again, in another size; the others stay',
      'npm run bench -- --render docs/performance.json',
      '                                              this page again, nothing measured',
      'npm run bench -- time-to-bug --json           one alone, to the terminal',
      '```',
    ].join('\n'),
  ]
}

function demanded(performance: Performance): string {
  const rows = demands.map(({ what, demanded, measured }) => {
    const found = measured(performance)
    return [what, demanded, found?.text ?? 'not measured', found?.met ? 'yes' : 'no']
  })
  return table(['what', 'demanded', 'measured', 'met'].map(left), rows)
}

function section({ name, title, says }: Bench, performance: Performance): string[] {
  const taken = performance.benches[name]
  if (!taken) return [`## ${title}`, says, 'Not measured.']
  const { seconds, load, size } = taken
  const command = ['npm run bench --', name, ...taken.arguments].join(' ')
  return [
    `## ${title}`,
    says,
    `${code(command)} (${size}): ${milliseconds(seconds * 1000)}, load average ${load[0]!.toFixed(2)} before it.`,
    ...sectionOf(name, performance),
  ]
}
