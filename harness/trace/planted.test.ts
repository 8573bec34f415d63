/** One rule a log breaks, planted by an edit: it is convicted, and the lines that were edited are shown. */
import {
  argument,
  callAt,
  dropped,
  find,
  inserted,
  replaced,
  withinCall,
  without,
  type Lines,
} from './fixtures/edit'
import { broken, judged, logText } from './fixtures/logs'
import { linesOfStory } from './log-story'

const eagain = 'debian.syn.hlist_eagain.ftrace.txt.gz'
const life = 'debian.syn.life.ftrace.txt.gz'
const selftest = 'debian.hmm-tests.hmm.hmm_device_private.anon_write.ftrace.txt.gz'

interface Planted {
  readonly log: string
  /** The edited log, and the index of a line that shows the defect. */
  readonly edit: (lines: Lines) => { readonly lines: Lines; readonly at: number }
  readonly convicts: readonly string[]
}

const start = ': invalidate_range_start: '
const startReturn = ': invalidate_range_start_ret: '
const end = ': invalidate_range_end: '
const pairStart = ': syn_pair_start: '
const pairEnd = ': syn_pair_end: '
const refusal = ': syn_eagain_start_ret: '

/** A line of the log, edited. */
const change =
  (texts: string[], from: string | RegExp, to: string, nth = 0) =>
  (lines: Lines) => {
    const at = find(lines, texts, nth)
    return { lines: replaced(lines, at, from, to), at }
  }

/** The start of the pass that a line is about: its latest. */
function startOf(lines: Lines, at: number): number {
  const range = `range=${argument(lines[at]!, 'range')} `
  return lines.findLastIndex(
    (line, index) => index <= at && line.includes(start) && line.includes(range),
  )
}

/** A blockable pass that both synthetic notifiers heard: the index of its end. */
const heardEnd = (lines: Lines) => find(lines, [end, 'flags=1 event=2'])

const planted: Readonly<Record<string, Planted>> = {
  'the end of a pass is missing': {
    log: eagain,
    edit: (lines) => {
      const at = heardEnd(lines)
      return { lines: without(lines, withinCall(lines, callAt(lines, at))), at: startOf(lines, at) }
    },
    convicts: ['MMN-20'],
  },
  'the end of a pass is missing that no notifier of the list hears': {
    log: selftest,
    edit: (lines) => {
      const at = find(lines, [end])
      return { lines: without(lines, withinCall(lines, callAt(lines, at))), at: startOf(lines, at) }
    },
    convicts: ['MMN-20'],
  },
  'a notifier is not told of an end': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [pairEnd], 1)
      return { lines: dropped(lines, at), at: startOf(lines, at) }
    },
    convicts: ['MMN-03'],
  },
  'a notifier is told twice of an end': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [pairEnd])
      return { lines: inserted(lines, at, lines[at]!), at }
    },
    convicts: ['MMN-03'],
  },
  'a pass is ended that was not begun': {
    log: eagain,
    edit: (lines) => {
      const from = startOf(lines, heardEnd(lines))
      return { lines: without(lines, withinCall(lines, callAt(lines, from))), at: from + 1 }
    },
    convicts: ['MMN-03'],
  },
  'another task ends the pass': {
    log: eagain,
    edit: (lines) => {
      const at = heardEnd(lines)
      const moved = withinCall(lines, callAt(lines, at))
      const to = (line: string, i: number) =>
        moved.includes(i) ? line.replace(/\S+-\d+( +\[)/, 'syn-173$1') : line
      return { lines: lines.map(to), at }
    },
    convicts: ['MMN-03', 'MMN-20'],
  },
  'a notifier is told that it must not block, in a pass that may': {
    log: eagain,
    edit: change([pairStart, 'flags=1'], 'flags=1', 'flags=0'),
    convicts: ['MMN-25'],
  },
  'a notifier is told that it may block, in a pass that must not': {
    log: eagain,
    edit: change([pairStart, 'flags=0'], 'flags=0', 'flags=1'),
    convicts: ['MMN-25'],
  },
  'a notifier is told of less than the pass': {
    log: eagain,
    edit: change([pairStart, 'end=0x50008000'], 'end=0x50008000', 'end=0x50007000'),
    convicts: ['MMN-25'],
  },
  'the range changes between start and end': {
    log: eagain,
    edit: change([pairEnd, 'start=0x50000000'], 'start=0x50000000', 'start=0x50001000'),
    convicts: ['MMN-25'],
  },
  'a blockable start fails': {
    log: eagain,
    edit: change([refusal, 'ret=0'], 'ret=0', 'ret=-11'),
    convicts: ['BLK-01'],
  },
  'a refusal has another code': {
    log: eagain,
    edit: change([refusal, 'ret=-11'], 'ret=-11', 'ret=-12'),
    convicts: ['BLK-02'],
  },
  'a refused pass is ended': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [startReturn, 'ret=-11'])
      const from = lines.findLastIndex((line, index) => index < at && line.includes(start))
      const entry = lines[from]!.replace('start: (', 'end: (').concat(' only_end=0')
      const exit = lines[at]!.replace('start_ret', 'end_ret').replace(' ret=-11', '')
      return { lines: inserted(lines, at + 1, entry, exit), at: at + 1 }
    },
    convicts: ['MMN-04'],
  },
  'who agreed to a refused pass is not told of its end': {
    log: eagain,
    edit: (lines) => {
      const refused = find(lines, [refusal, 'ret=-11'], 5)
      const at = lines.findIndex((line, index) => index > refused && line.includes(pairEnd))
      return { lines: dropped(lines, at), at: at }
    },
    convicts: ['MMN-05'],
  },
  'the refuser is told of the end': {
    log: eagain,
    edit: (lines) => {
      const refused = find(lines, [refusal, 'ret=-11'])
      const asked = lines.findLastIndex(
        (line, index) => index < refused && line.includes('_start: ('),
      )
      const line = lines[asked]!.replace(/: \w+: \(/, ': syn_pair_end: (')
      return { lines: inserted(lines, refused + 1, line), at: refused + 1 }
    },
    convicts: ['MMN-06'],
  },
  'two notifiers are called in another order': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [pairStart, 'flags=1'], 1)
      const first = lines.slice(at, at + 2)
      return { lines: inserted(dropped(lines, at, 2), at + 2, ...first), at: at + 2 }
    },
    convicts: ['MMN-07'],
  },
  'a notifier is passed over': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [pairStart, 'flags=1'], 1)
      return { lines: dropped(lines, at + 2, 2), at }
    },
    convicts: ['MMN-13'],
  },
  'a notifier is added inside of a pass': {
    log: eagain,
    edit: (lines) => {
      const at = heardEnd(lines)
      const entry = lines[find(lines, [': __mmu_notifier_register: '], 1)]!
      const exit = lines[find(lines, [': __mmu_notifier_register_ret: '], 1)]!
      const added = [entry.replace(/sub=\S+/, 'sub=0xff1100000560cf00'), exit].map((line) =>
        line.replace(/\S+-\d+( +\[)/, 'syn-173$1'),
      )
      return { lines: inserted(lines, at, ...added), at: at + 1 }
    },
    convicts: ['MMN-09'],
  },
  'a notifier is released that was never registered': {
    log: eagain,
    edit: change([': syn_release: '], /sub=\S+/, 'sub=0xff1100000560cf00'),
    convicts: ['MMN-14'],
  },
  'a notifier is released twice': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [': syn_release: '])
      return { lines: inserted(lines, at, lines[at]!), at: at + 1 }
    },
    convicts: ['MMN-14'],
  },
  'a notifier is released while its address space is in use': {
    log: eagain,
    edit: (lines) => {
      const from = find(lines, [': syn_release: '])
      const at = heardEnd(lines)
      return { lines: inserted(lines, at, lines[from]!), at }
    },
    convicts: ['MMN-14'],
  },
  'a notifier is registered with an address space that ends': {
    log: eagain,
    edit: (lines) => {
      const at = find(lines, [': syn_release: '])
      const entry = find(lines, [': __mmu_notifier_register: '], 1)
      const added = [lines[entry]!, lines[find(lines, [': __mmu_notifier_register_ret: '], 1)]!]
      const later = added.map((line) =>
        line.replace('sub=0xff1100000560c438', 'sub=0xff1100000560cf00'),
      )
      return { lines: inserted(lines, at, ...later), at }
    },
    convicts: ['MMN-16'],
  },
  'an end leaves what a secondary TLB holds': {
    log: life,
    edit: (lines) => {
      const at = lines.findLastIndex(
        (line, index) => line.includes(': syn_inv_range: ') && lines[index - 1]!.includes(end),
      )
      return { lines: dropped(lines, at), at: at - 1 }
    },
    convicts: ['MMN-19'],
  },
  'somebody who reaps nobody begins a pass that must not block': {
    log: eagain,
    edit: change([start, 'flags=1'], 'flags=1', 'flags=0'),
    convicts: ['BLK-04'],
  },
  'an interval notifier refuses a pass that may block': {
    log: selftest,
    edit: change([': dmirror_interval_invalidate_ret: '], 'ret=1', 'ret=0'),
    convicts: ['INT-05'],
  },
  'a reader is not told of a collision': {
    log: selftest,
    edit: (lines) => {
      const at = find(lines, [': mmu_interval_read_retry: '], 3)
      const told = lines[find(lines, [': mmu_interval_set_seq: '])]!
      return { lines: inserted(lines, at, told), at: at + 1 }
    },
    convicts: ['INT-01'],
  },
  'an interval notifier is called after its removal': {
    log: selftest,
    edit: (lines) => {
      const called = find(lines, [': dmirror_interval_invalidate: '])
      const returned = find(lines, [': dmirror_interval_invalidate_ret: '])
      const at = find(lines, [': mmu_interval_notifier_remove_ret: ']) + 1
      return { lines: inserted(lines, at, lines[called]!, lines[returned]!), at }
    },
    convicts: ['INT-04'],
  },
  'a notifier is called after its removal': {
    log: life,
    edit: (lines) => {
      const sub = /sub=\S+/.exec(lines[find(lines, [': mmu_notifier_unregister: '])]!)![0]
      const removed = find(lines, [': mmu_notifier_unregister_ret: '])
      const at = lines.findIndex((line, index) => index > removed && line.includes(start)) + 1
      const called = lines[find(lines, [pairStart, sub])]!
      const range = /range=\S+ mm=\S+ start=\S+ end=\S+/
      const entry = called.replace(range, range.exec(lines[at - 1]!)![0])
      const exit = lines[find(lines, [': syn_pair_start_ret: '])]!
      return { lines: inserted(lines, at, entry, exit), at }
    },
    convicts: ['MMN-24'],
  },
}

test('there are twenty kinds or more', () => {
  expect(Object.keys(planted).length).toBeGreaterThanOrEqual(20)
})

test.each(Object.entries(planted))('%s', async (_what, { log, edit, convicts }) => {
  const { lines, at } = edit(logText(log).split('\n'))
  const verdict = await judged('planted', lines.join('\n'))
  expect(broken(verdict)).toEqual(expect.arrayContaining([...convicts]))
  const guilty = verdict.tallies.filter(({ contract }) => convicts.includes(contract.id))
  expect(guilty.flatMap(({ violation }) => linesOfStory(violation!))).toContain(at + 1)
})
