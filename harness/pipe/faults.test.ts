/** Programs that do not keep to the protocol, or do not stay: whose fault it is, and that nothing else suffers. */
import { times } from 'lodash'
import { runCampaign } from '../campaign'
import { contractsMatching } from '../registry'
import { subjectFromCommand } from '../subject'
import { parseWorkload } from '../workload'
import { endConnections } from './connection'
import { faulty, workloads } from './fixtures/programs'
import { budgetsDefault, Program } from './program'

afterAll(endConnections)

const contracts = contractsMatching('HMM-*,LIF-*')
/** One of the first workload, which has no other, and four of each of the rest. */
const schedules = 1 + 4 * workloads.length
/** The first run is taken twice, and faults count calls: it makes none. */
const withoutCalls = parseWorkload('1.1', 'reclaim_0')

/** What a campaign says that meets a fault in some of its runs. */
function campaignWith(fault: string, calls = 3, callMs?: number) {
  const { patches } = subjectFromCommand(faulty(fault, calls, callMs))
  const options = {
    contracts,
    patches,
    seed: 5,
    schedules,
    workloads: [withoutCalls, ...workloads],
  }
  const { badEnds, tallies, ...rest } = runCampaign(options)
  return {
    ...rest,
    ends: [...badEnds].map(([kind, { first }]) => ({ kind, says: first.says })),
    failed: tallies.flatMap(({ contract, failure }) => (failure ? [contract.id] : [])),
  }
}

test.each([
  ['crash', 'crash', /was ended by SIGSEGV/],
  ['exit 0', 'crash', /ended with exit code 0/],
  ['exit 3', 'crash', /ended with exit code 3/],
  ['garbage', 'protocol', /is no JSON/],
  ['no object', 'protocol', /is no JSON object/],
  ['wrong id', 'protocol', /answers line \d+; line \d+ was to be answered/],
  ['two replies', 'protocol', /answers line \d+; line \d+ was to be answered/],
  ['wrong thread', 'protocol', /it answers for thread \d+; thread \d+ is running/],
  ['wrong type', 'protocol', /is of type ready, not return or upcall or die/],
  ['wrong value', 'protocol', /returns {"text":"yes"} from hmm_range_valid/],
  ['unknown member', 'protocol', /must NOT have additional properties \(note\)/],
  ['unknown symbol', 'protocol', /calls panic, which is nothing that a program can call/],
  ['unknown object', 'protocol', /names mm:99, which it was not given/],
  ['unknown field', 'protocol', /has no field colour/],
  ['forged event', 'protocol', /calls lockdep_report, which is nothing that a program can call/],
  ['bad argument', 'oops', /kref_get where hmm_range_valid does one step/],
  ['a 10 MB line', 'protocol', /a line of more than 1048576 bytes/],
] as const)('%s: %s', (fault, kind, says) => {
  const { ends, failed, schedules: ran } = campaignWith(fault)
  expect(ends).toEqual([{ kind, says: expect.stringMatching(says) as string }])
  // No contract takes a run that was cut off for one that breaks it, and the runs behind it are made.
  expect(failed).toEqual([])
  expect(ran).toBe(schedules)
})

test.each([
  ['hang', /^hang: it did not answer within 1 seconds$/],
  ['loop for ever', /^hang: it did not answer within 1 seconds$/],
  ['half a line', /did not answer within 1 seconds; 12 bytes without a newline came/],
])('%s: hang', (fault, says) => {
  // Each run that hangs takes as long as a call may.
  const { ends, failed } = campaignWith(fault, 4, 1_000)
  expect(ends).toEqual([{ kind: 'hang', says: expect.stringMatching(says) as string }])
  expect(failed).toEqual([])
})

test('a program that is killed in twelve runs in a row is started twelve times, and the next run is clean', () => {
  const kills = 12
  const { patches } = subjectFromCommand(faulty('crash', 0))
  // Alone a fault always comes to ask whether its range is valid, and of one task there is one schedule.
  const alone = times(kills, () => parseWorkload('1.1.gpu', 'device_fault_0'))
  const { badEnds, schedules: ran } = runCampaign({
    ...{ contracts, patches, seed: 5, schedules: kills + 2 },
    workloads: [withoutCalls, ...alone, withoutCalls],
  })
  expect([...badEnds].map(([kind, { count }]) => [kind, count])).toEqual([['crash', kills]])
  expect(ran).toBe(kills + 2)
})

test('a program that is slow to say hello is given up in one sentence', () => {
  const { command } = faulty('slow hello')
  const program = new Program(command, { ...budgetsDefault, helloMs: 500 })
  expect(() => program.hello).toThrow(
    /does not begin as one that speaks the protocol: it did not answer within 0.5 seconds/,
  )
})

test('a flood on stderr is none of our concern', () => {
  const { ends, failed } = campaignWith('flood on stderr')
  expect(ends).toEqual([])
  expect(failed).toEqual([])
})

test.each([
  ['exit at once', /does not begin as one that speaks the protocol: it ended with exit code 1/],
  ['old protocol', /the program faulty speaks version 0 of the protocol, and the suite version 1/],
  ['claims too much', /"kswapd" can not be implemented: it is none of the sets hmm, notifier-core/],
])('%s: said in one sentence', (fault, says) => {
  expect(() => subjectFromCommand(faulty(fault))).toThrow(says)
})

test('a command that does not exist', () => {
  const program = { command: ['no-such-command-at-all'], callMs: 1_000 }
  expect(() => subjectFromCommand(program)).toThrow(
    /the command no-such-command-at-all cannot be started \(.*ENOENT\); check its name/,
  )
})
