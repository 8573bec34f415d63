/**
 * No false alarm: the reference, and each alternative that comes with the suite, under random schedules of every topic.
 * What any contract objects to is wrong of the contract or of the implementation; so is a run that does not end well,
 * memory that nobody accounts for when it is over, and a run that goes another way when it is taken again.
 *
 *   node bin/bench.js no-false-alarm [--schedules N] [--seed N] [--json] [NAME...]
 *
 * The seed is a fresh one unless told, and printed.
 */
import type { Patch } from '../engine/symbol'
import { patchSet as pairedCore } from '../fixtures/implementations/paired-core'
import { patchSet as survivingList } from '../fixtures/implementations/surviving-list'
import { seedOf } from '../harness/commands/options'
import { progressOf } from '../harness/progress'
import { reference } from '../harness/subject'
import { everyTopic } from './models/drawn'
import { wrongAmong, wrongText } from './models/wrong'
import { flag, namesOf, numberOption, textOption } from './options'

const subjects: ReadonlyMap<string, readonly Patch[]> = new Map([
  [reference.name, reference.patches],
  [pairedCore.id, pairedCore.patches],
  [survivingList.id, survivingList.patches],
])

export function noFalseAlarm(args: readonly string[]): void {
  const schedules = numberOption(args, '--schedules', 1_000_000)
  const seed = seedOf(textOption(args, '--seed'))
  const chosen = namesOf(args, [...subjects.keys()], ['--schedules', '--seed'])
  const results = chosen.map((name) => {
    const bar = progressOf(schedules, `schedules of ${name}`)
    const patches = subjects.get(name)!
    const runs = wrongAmong(everyTopic(seed), patches, { schedules, seed }, bar.advance)
    bar.clear()
    return { name, seed, ...runs }
  })
  console.log(
    flag(args, '--json')
      ? JSON.stringify(results, null, 2)
      : results.map(({ name, ...runs }) => wrongText(`${name}, seed ${seed}`, runs)).join('\n'),
  )
  process.exitCode = results.some(({ wrong }) => wrong > 0) ? 1 : 0
}
