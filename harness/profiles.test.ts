/** Profiles: files that say what the registry says, and what becomes of the rest. */
import { difference } from 'lodash'
import { generationsOf } from '../spec/generations'
import { call } from './fixtures/call'
import { judgeSubject } from './judge-subject'
import { linesOf, profileNamed, strayFiles, versions } from './profiles'
import { noProgress } from './progress'
import { contracts, contractsMatching, mutant } from './registry'
import { regressionsFolder } from './regressions'

const idsOf = (version: (typeof versions)[number]): string[] => linesOf(version).map(({ id }) => id)

test('the last version has every contract that is not about interval notifiers, in its order, with its level and whom it binds', () => {
  const ofMirrors = contracts.filter((contract) => generationsOf(contract).includes('hmm_mirror'))
  expect(linesOf('annotations-2019')).toEqual(
    ofMirrors.map(({ id, level, binds }) => ({ id, level, binds })),
  )
})

test('each version has what the one before it has, and more', () => {
  versions.slice(1).forEach((version, n) => {
    expect(difference(idsOf(versions[n]!), idsOf(version))).toEqual([])
    expect(idsOf(version).length).toBeGreaterThan(idsOf(versions[n]!).length)
  })
  for (const version of versions) {
    const known = contracts.filter(({ id }) => idsOf(version).includes(id))
    expect(linesOf(version)).toEqual(known.map(({ id, level, binds }) => ({ id, level, binds })))
  }
  expect(strayFiles()).toEqual([])
})

test('a start that HMM refuses is taken back from patch 12 on, and a lock map is gone through from August', () => {
  expect(versions.filter((version) => idsOf(version).includes('BLK-12'))).toEqual([
    ...['series-v2-12', 'annotations-2019'],
  ])
  expect(versions.filter((version) => idsOf(version).includes('LCK-14'))).toEqual([
    'annotations-2019',
  ])
})

test('a subsystem of a version is what binds it there', () => {
  const { ids } = profileNamed('series-v2/notifier-core')
  expect([...ids]).toEqual(
    linesOf('series-v2').flatMap(({ id, binds }) => (binds === 'notifier-core' ? id : [])),
  )
})

/** What a mutant's report says of some contracts, under a profile. */
async function verdictsOf(name: string, ids: string, profile: string) {
  const plan = { contracts: contractsMatching(ids), seed: 1, schedules: 200, workers: 1 }
  const { report } = await judgeSubject(
    { name, patches: mutant(name).patches },
    {
      ...{ ...plan, folder: regressionsFolder, progress: noProgress },
      profile: profileNamed(profile),
    },
  )
  return Object.fromEntries(report.contracts.map(({ id, verdict }) => [id, verdict]))
}

test('what should be warns, what must be fails, and what nobody asked for is skipped', async () => {
  expect(await verdictsOf('waits-under-mmap-sem', 'HMM-37,LCK-14', 'series-v2')).toEqual({
    ...{ 'HMM-37': 'WARN', 'LCK-14': 'SKIP' },
  })
  expect(await verdictsOf('no-undo', 'MMN-05', 'annotations-2019')).toEqual({ 'MMN-05': 'FAIL' })
})

test.each([
  [['run', '--profile', 'series-v9'], 64, 'there is no profile "series-v9"; there are before-'],
  [['list', '--profile', 'series-v2/kitchen'], 64, 'has no subsystem "kitchen"; there are debug'],
  [['list', '--markdown', '--profile', 'series-v2'], 64, '--profile goes with the list and --json'],
  [
    ['run', '--profile', 'before-series', '--contracts', 'LCK-14'],
    ...([4, 'none in the profile before-series can be heard on reference'] as const),
  ],
])('%j', async (args, code, says) => {
  const said = await call(...args)
  expect([said.status, said.stderr]).toEqual([code, expect.stringContaining(says)])
})

test('list shows what a profile asks for', async () => {
  const { status, stdout } = await call('list', '--json', '--profile', 'before-series/debug')
  const { contracts: listed } = JSON.parse(stdout) as { contracts: { id: string }[] }
  expect(status).toBe(0)
  expect(listed.map(({ id }) => id)).toEqual([...profileNamed('before-series/debug').ids])
})
