/** Entries that are at odds with themselves or with others are refused before anything runs. */
import type { Contract } from '../spec/contract'
import { checkRegistry } from '../spec/registry'
import type { PatchSet } from './patch-set'
import { checkMutant, contracts, mutant, mutantNames } from './registry'

const [first] = contracts as [Contract]
const unjudged = { id: 'XYZ-01', says: 'a rule', cites: [], excluded: 'for a reason' }
const demanding = (exercised: number, witnesses: number): Contract[] => [
  { ...first, minimum: { exercised, witnesses } },
]

test('two entries with one id', () => {
  expect(() => checkRegistry([first], [unjudged])).not.toThrow()
  expect(() => checkRegistry([first, { ...first }], [])).toThrow(
    `two entries of the registry are called ${first.id}`,
  )
  expect(() => checkRegistry([first], [unjudged, unjudged])).toThrow('are called XYZ-01')
  expect(() => checkRegistry([first], [{ ...unjudged, id: first.id }])).toThrow(first.id)
})

test('a minimum that cannot be met, or that is met by nothing', () => {
  expect(() => checkRegistry(demanding(3, 3), [])).not.toThrow()
  expect(() => checkRegistry(demanding(3, 4), [])).toThrow(
    `the minimum of ${first.id} cannot be met: 4 shapes of 3 times`,
  )
  for (const wrong of [demanding(0, 1), demanding(3, 0), demanding(2.5, 1), demanding(NaN, 1)])
    expect(() => checkRegistry(wrong, [])).toThrow('must be whole numbers above 0')
})

const [name] = mutantNames() as [string]
const known = mutant(name)

test.each<[string, Partial<PatchSet>, string]>([
  ['another name than its file', { id: 'other' }, 'calls itself other'],
  ['no patch', { patches: [] }, 'patches nothing'],
  ['nobody to convict it', { expect: [] }, 'expects no contract to object'],
  ['an unknown contract', { expect: ['XYZ-01'] }, 'XYZ-01, which is no contract'],
  ['an unknown contract that may object', { may: { 'XYZ-01': 'why' } }, 'XYZ-01'],
  [
    'a contract that must object and may',
    { may: { [known.expect[0]!]: 'why' } },
    `says of ${known.expect[0]} that it must object and that it may`,
  ],
])('a mutant with %s', (_what, parts, says) => {
  expect(() => checkMutant(name, known)).not.toThrow()
  expect(() => checkMutant(name, { ...known, ...parts })).toThrow(says)
})

test('every mutant that comes with the suite is in order', () => {
  expect(mutantNames().map((one) => mutant(one).id)).toEqual(mutantNames())
})
