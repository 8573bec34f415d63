/** docs/kernel-style-c.md, done as it says; and what else a file of the kernel can do wrong. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCampaign } from '../campaign'
import { exploreWorkload } from '../exploration'
import { sessionsOf, stepsOf, terminalIn, withoutVolatile } from '../fixtures/page-sessions'
import { newFolder } from '../fixtures/started'
import { contracts, contractsMatching } from '../registry'
import { subjectFromCommand, type Subject } from '../subject'
import { parseWorkload } from '../workload'
import { endConnections } from './connection'

const sources = join(__dirname, '..', '..', 'fixtures', 'implementations', 'c-kernel')
const folder = newFolder()
const callMs = 20_000

afterAll(endConnections)

/** The program, with the text of notifier.c as it is or changed. */
function built(name: string, change: (text: string) => string = (text) => text): Subject {
  const text = readFileSync(join(sources, 'notifier.c'), 'utf8')
  const file = join(folder, `${name}.c`)
  const program = join(folder, name)
  writeFileSync(file, change(text))
  const others = ['shim.c', 'objects.c', 'bridge.c'].map((source) => join(sources, source))
  const flags = ['-O1', '-Wall', '-Wextra', '-Wno-unused-function', '-Werror']
  const include = `-I${join(sources, 'include')}`
  execFileSync('cc', [...flags, include, '-o', program, file, ...others])
  return subjectFromCommand({ command: [program], callMs })
}

test('it keeps every contract where the list, mirrors and interval notifiers are told, refuse and go', () => {
  const { patches } = built('conforming')
  const workloads = [
    parseWorkload('1.1.gpu.odp', 'odp_fault_0/oom_reap'),
    parseWorkload('1.1.gpu.kvm', 'close_kvm/reclaim_0'),
    parseWorkload('1.1.interval', 'interval_read_0+close_interval/listen_0_1/oom_reap'),
    parseWorkload('2.2.gpu', 'device_fault_0/trial_0_2/exit'),
  ]
  const options = { contracts, patches, seed: 3, schedules: 40, workloads }
  const { tallies, badEnds } = runCampaign(options)
  expect(tallies.flatMap(({ failure }) => failure?.says ?? [])).toEqual([])
  expect([...badEnds.values()].map(({ first }) => first.says)).toEqual([])
  const exercised = (id: string) => tallies.find(({ contract }) => contract.id === id)!.exercised
  expect(['MMN-04', 'MMN-10', 'INT-07'].filter((id) => exercised(id) === 0)).toEqual([])
})

const lines = (pattern: RegExp) => (text: string) => text.replace(pattern, '')

test.each([
  [
    'undoes the one that refused',
    (text: string) => text.replace('mn >= refused', 'mn > refused'),
    ...(['MMN-06', '1.0.gpu', 'device_fault_0/oom_reap'] as const),
  ],
  [
    'undoes nothing',
    lines(/^\t\tundo_starts\(range, mn\);\n/m),
    ...(['MMN-05', '1.1.gpu.odp', 'oom_reap/reclaim_0'] as const),
  ],
  [
    'removes a notifier and does not wait',
    lines(/^\tsynchronize_srcu.*\n/m),
    ...(['MMN-10', '1.1.kvm', 'close_kvm/reclaim_0'] as const),
  ],
  [
    'forgets interval notifiers when the list refuses',
    lines(/^\tif \(ret && has_itree\)\n.*\n/m),
    ...(['INT-03', '1.0.interval', 'listen_0_1+close_interval/oom_reap'] as const),
  ],
])('a core that %s is convicted', (what, change, id, world, tasks) => {
  const subject = built(what.replaceAll(' ', '-'), change)
  const { campaign } = exploreWorkload(subject, parseWorkload(world, tasks), {
    ...{ contracts: contractsMatching(id), cap: 600, preemptions: 1 },
  })
  expect(campaign.tallies[0]!.failure).not.toBeNull()
})

const shown = terminalIn(folder)

test.each(stepsOf('kernel-style-c.md').map((step) => [step.split('\n')[0]!, step] as const))(
  '%s',
  (title, step) => {
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    if (title.startsWith('1.'))
      symlinkSync(join(__dirname, '..', '..'), join(folder, 'node_modules', 'hmm-conformance'))
    const sessions = sessionsOf(step)
    const results = sessions.map(({ command }) => shown(command))
    expect(results.map(({ stdout }) => withoutVolatile(stdout))).toEqual(
      sessions.map(({ prints }) => withoutVolatile(prints)),
    )
    const isConviction = title.startsWith('4.')
    expect(results.at(-1)?.status).toBe(sessions.length === 0 ? undefined : isConviction ? 1 : 0)
  },
)
