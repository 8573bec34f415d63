import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judgeOf } from '../spec/judge'
import { kernelObservingAll, newCampaign } from './campaign'
import { describe as describeFound } from './counterexample'
import { contracts, contractsWithIds } from './registry'
import { readRegressions, regressionsFolder, saveRegression, tryRegressions } from './regressions'
import { reference, subjectNamed } from './subject'
import { parseToken, replayStrictly } from './token'

const kept = readRegressions(regressionsFolder)

describe.each(kept)('regression $id', (regression) => {
  const replayable = parseToken(regression.token)
  const found = subjectNamed(replayable.boot)

  test('still takes the same steps where it was found, and its contract objects', () => {
    const execution = replayStrictly(kernelObservingAll(found.patches), replayable)
    const [finding] = judgeOf(contractsWithIds([regression.contract])).judge(execution.events)
    expect(finding!.objections).not.toEqual([])
    const campaign = newCampaign(contracts)
    const [tried] = tryRegressions([regression], found, campaign)
    expect(tried!.objections).toContain(regression.contract)
    const tally = campaign.tallies.find(({ contract }) => contract.id === regression.contract)!
    expect(tally.failure).toMatchObject({ schedule: 0, choices: execution.choices })
  })

  test('passes on the reference', () => {
    const campaign = newCampaign(contracts)
    const tried = tryRegressions([regression], reference, campaign)
    expect(tried).toEqual([{ id: regression.id, objections: [] }])
    expect(campaign).toEqual(newCampaign(contracts))
  })
})

test('there are some, of different contracts', () => {
  expect(new Set(kept.map(({ contract }) => contract)).size).toBeGreaterThanOrEqual(2)
})

test('a token found elsewhere is followed by its steps, where its choices lead to others', () => {
  // On the reference the driver loops, and the choices of its short run there miss the window.
  const { token } = kept.find(({ contract }) => contract === 'HMM-23')!
  const onReference = token.replace('~boolean-valid~', '~reference~')
  const campaign = newCampaign(contracts)
  tryRegressions([{ ...kept[0]!, token: onReference }], subjectNamed('boolean-valid'), campaign)
  expect(campaign.tallies.find(({ contract }) => contract.id === 'HMM-23')!.failure).not.toBeNull()
})

test('what is saved is read again, once', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'hmm-conformance-')), 'regressions')
  expect(readRegressions(folder)).toEqual([])
  const { contract, token } = kept[0]!
  const { boot, workload, choices } = parseToken(token)
  const counterexample = describeFound(
    contractsWithIds([contract])[0]!,
    { workload, choices, certificate: null, searched: 1, insight: false },
    subjectNamed(boot).patches,
    boot,
  )
  saveRegression(folder, counterexample, 7)
  saveRegression(folder, counterexample, 7)
  expect(readRegressions(folder)).toEqual([
    {
      ...{ id: kept[0]!.id, contract, token },
      note: `${counterexample.says}; found on ${boot} with seed 7`,
    },
  ])
})

test.each([
  ['null', 'has no "contract"'],
  ['{ "contract": "HMM-23", "note": "" }', 'has no "token"'],
  ['{ "contract": "HMM-23", "token": "hmm1~cut', 'no complete JSON'],
  ['{ "contract": "HMM-23", "token": "hmm1~cut", "note": "" }', 'is cut off or damaged'],
])('a damaged regression is refused: %s', (text, says) => {
  const folder = mkdtempSync(join(tmpdir(), 'hmm-conformance-'))
  writeFileSync(join(folder, 'damaged.json'), text)
  expect(() => readRegressions(folder)).toThrow(says)
})
