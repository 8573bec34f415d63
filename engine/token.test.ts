import fc from 'fast-check'
import { trimmed } from './choice'
import { UsageError } from './errors'
import { decodeChoices, digest, encodeChoices } from './token'

test('choices read back as they were written, up to zeros at the end', () => {
  const sparse = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(80)), {
    maxLength: 80,
    size: 'max',
  })
  fc.assert(
    fc.property(sparse, (choices) => {
      const text = encodeChoices(choices)
      expect(decodeChoices(text)).toEqual(trimmed(choices))
      expect(text).toMatch(/^[0-9a-z.,]+$|^-$/)
    }),
  )
})

test.each([
  [[], '-'],
  [[0, 0], '-'],
  [[0, 0, 0, 2, 0, 1], '3.2,1.1'],
  [[...Array(40).fill(0), 36], '14.10'],
])('%j is written %s', (choices, text) => {
  expect(encodeChoices(choices)).toBe(text)
})

test.each(['', '3', '3.', '.1', '3.2,', '3.2;1.1', 'A.1', 'zzzzzz.1'])(
  '"%s" is refused',
  (text) => {
    expect(() => decodeChoices(text)).toThrow(UsageError)
  },
)

test('a digest is eight hex digits, and tells texts apart', () => {
  const texts = Array.from({ length: 1000 }, (_, i) => `step ${i}`)
  const digests = texts.map(digest)
  expect(new Set(digests).size).toBe(texts.length)
  expect(digests.every((text) => /^[0-9a-f]{8}$/.test(text))).toBe(true)
  expect(digest('')).toBe('811c9dc5')
})
