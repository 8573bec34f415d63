/** An implementation that shows less than everything: what would have to be heard is never judged. */
import { join } from 'node:path'
import { endConnections } from './pipe/connection'
import { isObservable } from './observable'
import { judgeSubject } from './judge-subject'
import { defineImplementation } from './implementation'
import { noProgress } from './progress'
import { contracts, contractsMatching, mutant } from './registry'
import { regressionsFolder } from './regressions'
import { formatted } from './report-formats'
import { subjectFromCommand, type Subject } from './subject'

afterAll(endConnections)

const reference = join(__dirname, '..', 'bin', 'reference.js')
const shows = ['kmalloc', 'kfree']

async function reportOf(subject: Subject) {
  const search = { seed: 1, schedules: 40, workers: 1, folder: regressionsFolder }
  const ids = contractsMatching('HMM-*,LIF-*')
  return (await judgeSubject(subject, { ...search, contracts: ids, progress: noProgress })).report
}

function holdsFor(report: Awaited<ReturnType<typeof reportOf>>, hides: readonly string[]): void {
  const unheard = contracts.filter((contract) => !isObservable(contract, hides))
  const hidden = report.contracts.filter(({ id }) => unheard.some((one) => one.id === id))
  expect(hidden.length).toBeGreaterThan(10)
  expect(hidden.filter(({ verdict }) => verdict !== 'UNOBSERVABLE')).toEqual([])
  expect(report.contracts.length).toBeGreaterThan(hidden.length)
  // In no format is one of them taken for kept, or for broken.
  for (const { id } of hidden) {
    expect(formatted(report, 'ktap')).toMatch(new RegExp(`ok \\d+ ${id} # SKIP UNOBSERVABLE`))
    expect(formatted(report, 'markdown')).toContain(`| ${id} | UNOBSERVABLE | 0 | 0 |`)
    expect(formatted(report, 'json')).toContain(`"id":"${id}","verdict":"UNOBSERVABLE"`)
    expect(formatted(report, 'junit')).toMatch(
      new RegExp(`name="${id}"[^>]*>\\s*<skipped/>\\s*<system-out>.*UNOBSERVABLE`),
    )
  }
}

test('in process: what listens to what is hidden is unobservable, also where it would object', async () => {
  const { patches } = mutant('callback-revives-hmm')
  const shown = defineImplementation({ name: 'revives', replaces: [], patches })
  const objecting = (await reportOf(shown)).contracts.filter(({ verdict }) => verdict === 'FAIL')
  expect(objecting.map(({ id }) => id)).toContain('LIF-05')
  const hides = ['kref_get', 'kref_get_unless_zero', 'spin_lock', 'spin_unlock']
  expect(isObservable(contractsMatching('LIF-05')[0]!, hides)).toBe(false)
  holdsFor(await reportOf({ ...shown, hides }), hides)
})

test('over the pipe: the same', async () => {
  const command = [process.execPath, reference, 'hmm', '--shows', shows.join(',')]
  const subject = subjectFromCommand({ command, callMs: 20_000 })
  const { hides } = subject
  expect(hides).toContain('spin_lock')
  expect(hides).not.toContain('kfree')
  holdsFor(await reportOf(subject), hides!)
})
