import { replace } from '../engine/symbol'
import { READ_ONCE } from '../reference/kernel/access'
import { hmm_range_unregister, hmm_range_valid } from '../spec/headers/hmm'
import { defineImplementation } from './implementation'
import './to-conform'

const options = { contracts: 'HMM-*', budget: 150 }

const oneBoolean = defineImplementation({
  name: 'one-boolean',
  replaces: ['hmm_range_valid'],
  patches: [replace(hmm_range_valid, (range) => READ_ONCE(() => range.valid))],
})

const likeTheReference = defineImplementation({
  name: 'like-the-reference',
  replaces: ['hmm_range_unregister'],
  patches: [
    replace(hmm_range_unregister, function* (range) {
      yield* hmm_range_unregister.original(range)
    }),
  ],
})

test('an implementation that keeps the contracts conforms', async () => {
  await expect(likeTheReference).toConform(options)
})

test('one that does not is shown its smallest run', async () => {
  await expect(expect(oneBoolean).toConform(options)).rejects.toThrow(
    /one-boolean does not conform \(seed 1\):[^]*=> HMM-23: /,
  )
})

test('whole sets are whole, and names are names', () => {
  const patches = oneBoolean.patches
  expect(() => defineImplementation({ name: 'part', replaces: ['hmm'], patches })).toThrow(
    /part says that it replaces hmm_mirror_register, .* and has no patch/,
  )
  expect(() => defineImplementation({ name: 'a b', replaces: [], patches })).toThrow(
    'an implementation cannot be called "a b"',
  )
  expect(() => defineImplementation({ name: 'x', replaces: ['kswapd'], patches })).toThrow(
    '"kswapd" can not be implemented',
  )
})

test('what it keeps to itself is known', () => {
  const { hides } = defineImplementation({
    ...{ name: 'silent', replaces: ['hmm_range_valid'], patches: oneBoolean.patches },
    shows: ['spin_lock', 'spin_unlock'],
  })
  expect(hides).toContain('kref_put')
  expect(hides).not.toContain('spin_lock')
})

/** The compiler checks this file: each wrong signature here is an error that it expects. */
export function wrongSignatures(): void {
  // @ts-expect-error a number is no truth
  replace(hmm_range_valid, () => 1)
  // @ts-expect-error what may be interleaved cannot stand for one step
  replace(hmm_range_valid, function* () {
    return true
  })
}
