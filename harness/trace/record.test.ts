import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from '../fixtures/started'
import { broken, judged, logText } from './fixtures/logs'
import { recordingScript } from './record'

const script = recordingScript({ major: 6, minor: 1 }, ['kvm_mmu_notifier'])

/** Runs the script in a folder that looks like tracefs, with a pahole that knows two structs. */
function recorded(): string {
  const folder = newFolder()
  const bin = join(folder, 'bin')
  for (const path of [bin, ...['fork', 'exit'].map((one) => `events/sched/sched_process_${one}`)])
    mkdirSync(path.startsWith('/') ? path : join(folder, path), { recursive: true })
  const struct = [
    'struct mmu_notifier_range {',
    '\tstruct mm_struct *         mm;                   /*     8     8 */',
    '\tlong unsigned int          start;                /*    16     8 */',
    '\tlong unsigned int          end;                  /*    24     8 */',
    '\tunsigned int               flags;                /*    32     4 */',
    '\tstruct mmu_notifier_subscriptions * notifier_subscriptions; /*  1032     8 */',
    '};',
  ]
  writeFileSync(join(bin, 'pahole'), `#!/bin/sh\ncat <<'END'\n${struct.join('\n')}\nEND\n`)
  chmodSync(join(bin, 'pahole'), 0o755)
  const inFolder = script
    .replace('cd /sys/kernel/tracing', `cd ${folder}`)
    .replace('echo > kprobe_events', 'true')
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` }
  const { status, stderr } = spawnSync('bash', ['-c', inFolder, 'record.sh', 'true'], { env })
  expect({ status, stderr: stderr.toString() }).toMatchObject({ status: 0 })
  return readFileSync(join(folder, 'kprobe_events'), 'utf8')
}

test('the script defines probes with the offsets of the kernel that it runs on', () => {
  const defined = recorded()
  expect(defined).toContain(
    'p:invalidate_range_start __mmu_notifier_invalidate_range_start range=$arg1:x64 ',
  )
  expect(defined).toContain(
    ' mm=+8($arg1):x64 start=+16($arg1):x64 end=+24($arg1):x64 flags=+32($arg1):u32',
  )
  expect(defined).toContain('sub=$arg1:x64 mm=$arg2:x64 subs=+1032($arg2):x64')
  expect(defined).toContain(
    'r:kvm_mmu_notifier_invalidate_range_start_ret kvm_mmu_notifier_invalidate_range_start ret=$retval:s32',
  )
})

test('a log says by markers which probes were set', async () => {
  const name = 'kvm.destroy.ftrace.txt.gz'
  const names = ['mmu_notifier_put', 'mmu_notifier_put_ret']
  const markers = names.map(
    (probe) =>
      `   sh-9 [000] .....    12.469361: tracing_mark_write: hmm-conformance recorded ${probe}\n`,
  )
  const empty = { declared: new Set<string>() }
  const heard = async (text: string) => {
    const verdict = await judged(name, text, 'private', empty)
    expect(broken(verdict)).toEqual([])
    return verdict.tallies.filter(({ unrecorded }) => unrecorded.length === 0).length
  }
  expect(await heard(markers.join('') + logText(name))).toBeGreaterThan(await heard(logText(name)))
})
