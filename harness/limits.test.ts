import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const reference = join(__dirname, '..', 'reference')
const page = readFileSync(join(__dirname, '..', 'docs', 'LIMITS.md'), 'utf8')

/** Files of the reference that docs/LIMITS.md names. */
const named = [...page.matchAll(/`((?:hardware|devices|kernel|mm|drivers)\/[\w-]+\.ts)`/g)].map(
  ([, file]) => file!,
)

test('every file of the reference that leaves something out is in docs/LIMITS.md', () => {
  const silent = readdirSync(reference, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /\bleft out\b/i.test(readFileSync(join(reference, file), 'utf8')))
    .filter((file) => !named.includes(file))
  expect(silent).toEqual([])
})

test('what docs/LIMITS.md names is there', () => {
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((file) => !existsSync(join(reference, file)))).toEqual([])
})
