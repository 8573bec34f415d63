import { judgeOf } from '../spec/judge'
import { logFixtures, parseLog } from './log-fixture'
import { contracts, contractsWithIds } from './registry'

const ids = new Set(contracts.map(({ id }) => id))

test.each(logFixtures().map((log) => [log.contract, log.title, log] as const))(
  '%s: %s',
  (id, title, { events, objections, witnesses }) => {
    expect(ids).toContain(id)
    expect(title).toMatch(/\w/)
    const [finding] = judgeOf(contractsWithIds([id])).judge(events)
    expect(finding!.objections.map(({ says }) => says)).toEqual(objections)
    expect([...finding!.witnesses.keys()]).toEqual(witnesses)
  },
)

test('a return shows what its entry showed, of the innermost call of that task', () => {
  const text = `# nested
1 down_read lock=a name="x y"
2 down_read lock=b name=z
1 down_read lock=c name=w
1 down_read.return
1 down_read.return`
  const { events } = parseLog('LCK-01', text)
  expect(
    events.map(({ task, phase, lock, name, entry }) => [task, phase, lock, name, entry]),
  ).toEqual([
    [1, 'call', 'a', 'x y', 0],
    [2, 'call', 'b', 'z', 1],
    [1, 'call', 'c', 'w', 2],
    [1, 'return', 'c', 'w', 2],
    [1, 'return', 'a', 'x y', 0],
  ])
})

test('a line that is no event, and a return without an entry, are refused', () => {
  expect(() => parseLog('LCK-01', '# x\n1 down_read lock')).toThrow('is no event of a log')
  expect(() => parseLog('LCK-01', '# x\n1 down_read.return')).toThrow('was not entered')
})
