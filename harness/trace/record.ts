/**
 * What records a log that `check-trace` can judge: kprobe definitions and the shell lines around them.
 *
 * Offsets of fields differ from kernel to kernel, so the script asks the kernel's own BTF for them (`pahole`).
 */
import { UsageError } from '../../engine/errors'

interface Definition {
  /** Name of the event, and the function. */
  readonly name: string
  readonly fn: string
  /** What an entry shows, in the language of kprobe events; `@struct.field` stands for an offset. */
  readonly shows: string
  /** The type of what a return shows; null where returns are not probed. */
  readonly returns: string | null
}

/** A kernel's version. */
export interface Version {
  readonly major: number
  readonly minor: number
}

const oldest: Version = { major: 5, minor: 5 }
const range = (argument: string): string =>
  [
    ...[`range=${argument}:x64`, `mm=+@mmu_notifier_range.mm(${argument}):x64`],
    ...[`start=+@mmu_notifier_range.start(${argument}):x64`],
    ...[`end=+@mmu_notifier_range.end(${argument}):x64`],
    ...[`flags=+@mmu_notifier_range.flags(${argument}):u32`],
    `event=+@mmu_notifier_range.event(${argument}):u32`,
  ].join(' ')
const notifier = 'sub=$arg1:x64 mm=$arg2:x64'
const subscriptions = 'subs=+@mm_struct.notifier_subscriptions'

function coreOf(version: Version): readonly Definition[] {
  const onlyEnd = isBefore(version, { major: 6, minor: 6 })
    ? ' only_end=$arg2:u8'
    : ' only_end=\\0:u8'
  const one = (fn: string, shows: string, returns: string | null, name = fn): Definition => ({
    ...{ name, fn, shows, returns },
  })
  return [
    one(
      '__mmu_notifier_invalidate_range_start',
      range('$arg1'),
      ' ret=$retval:s32',
      'invalidate_range_start',
    ),
    one(
      '__mmu_notifier_invalidate_range_end',
      range('$arg1') + onlyEnd,
      '',
      'invalidate_range_end',
    ),
    one('__mmu_notifier_register', `${notifier} ${subscriptions}($arg2):x64`, ' ret=$retval:s32'),
    one('mmu_notifier_register', notifier, ' ret=$retval:s32'),
    one('mmu_notifier_unregister', notifier, ''),
    one(
      'mmu_notifier_put',
      'sub=$arg1:x64 mm=+@mmu_notifier.mm($arg1):x64 users=+@mmu_notifier.users($arg1):u32',
      '',
    ),
    one('__mmu_notifier_release', 'mm=$arg1:x64', ''),
    one('__mmu_notifier_subscriptions_destroy', 'mm=$arg1:x64', null),
    one('mmu_interval_notifier_insert', notifier, ' ret=$retval:s32'),
    one('exit_mmap', 'mm=$arg1:x64', ''),
    one('__oom_reap_task_mm', 'mm=$arg1:x64', ' ret=$retval:u8'),
  ]
}

/** The callbacks of a driver, whose names begin alike: `kvm_mmu_notifier` has `kvm_mmu_notifier_release`. */
function callbacksOf(prefix: string): readonly Definition[] {
  const told = `sub=$arg1:x64 ${range('$arg2')}`
  const one = (op: string, shows: string, returns: string): Definition => ({
    ...{ name: `${prefix}_${op}`, fn: `${prefix}_${op}`, shows, returns },
  })
  return [
    one('invalidate_range_start', told, ' ret=$retval:s32'),
    one('invalidate_range_end', told, ''),
    one('release', notifier, ''),
  ]
}

export function recordingScript(version: Version, drivers: readonly string[]): string {
  if (isBefore(version, oldest))
    throw new UsageError(
      `probes are known for Linux ${oldest.major}.${oldest.minor} and later, not for ${version.major}.${version.minor}`,
    )
  const definitions = [...coreOf(version), ...drivers.flatMap(callbacksOf)]
  const lines = definitions.flatMap(linesOf)
  const offsets = [...new Set(lines.flatMap((line) => line.match(/@\w+\.\w+/g) ?? []))]
  const names = lines.map((line) => line.slice(2, line.indexOf(' ')))
  return [
    ...head(version),
    ...offsets.map(
      (offset) => `${variable(offset)}=$(offset ${offset.slice(1).replace('.', ' ')})`,
    ),
    '',
    'echo 0 > tracing_on',
    'echo mono > trace_clock',
    'echo 65536 > buffer_size_kb',
    'define() { echo "$1" >> kprobe_events || echo "not probed: $1" >&2; }',
    ...lines.map((line) => `define "${shellOf(line)}"`),
    'for event in events/kprobes/*/enable events/sched/sched_process_{fork,exit}/enable; do echo 1 > $event; done',
    'echo > trace',
    'echo 1 > tracing_on',
    `for event in ${names.join(' ')}; do`,
    '  [ -d events/kprobes/$event ] && echo "hmm-conformance recorded $event" > trace_marker',
    'done',
    '"$@"',
    'echo 0 > tracing_on',
    'cat trace',
    'echo 0 > events/enable; echo > kprobe_events',
    '',
  ].join('\n')
}

function head({ major, minor }: Version): string[] {
  return [
    '#!/bin/bash',
    `# Records what \`hmm-conformance check-trace\` judges, on Linux ${major}.${minor}: as root, bash record.sh COMMAND > LOG.`,
    '# Needs CONFIG_KPROBE_EVENTS, CONFIG_DEBUG_INFO_BTF and pahole (of the package dwarves).',
    'set -u',
    'cd /sys/kernel/tracing || exit 1',
    'offset() {',
    '  pahole -C $1 /sys/kernel/btf/vmlinux |',
    `    awk -v field="$2;" '{ at = 0; for (i = 1; i < NF; i++) { if ($i == field || $i == "*" field) at = 1; if (at && $i == "/*") { print $(i + 1); exit } } }'`,
    '}',
  ]
}

function linesOf({ name, fn, shows, returns }: Definition): string[] {
  const entry = `p:${name} ${fn} ${shows}`
  return returns === null ? [entry] : [entry, `r:${name}_ret ${fn}${returns}`]
}

/** A definition within double quotes: arguments stay, offsets are the shell's. */
function shellOf(line: string): string {
  return line.replaceAll('$', '\\$').replace(/@\w+\.\w+/g, (offset) => `$\{${variable(offset)}}`)
}

function variable(offset: string): string {
  return offset.slice(1).replace('.', '__')
}

function isBefore(one: Version, other: Version): boolean {
  return one.major < other.major || (one.major === other.major && one.minor < other.minor)
}

const marker = ' hmm-conformance recorded '

/** The probe that a marker in a log says was set, or null. */
export function recordedBy(event: string, rest: string): string | null {
  return event === 'tracing_mark_write' && rest.startsWith(marker)
    ? rest.slice(marker.length).trim()
    : null
}
