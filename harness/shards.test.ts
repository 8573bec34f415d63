import type { Campaign, Failure } from './campaign'
import { addTo, runShards, schedulesPerShard, shardsOf, type ShardResult } from './shards'

const workload = {} as Failure['workload']
const failure = (schedule: number, says: string): Failure => ({
  ...{ workload, choices: [], schedule, says },
})

function empty(): Campaign {
  const tally = { contract: {} as never, exercised: 0, witnesses: new Map(), failure: null }
  return { tallies: [tally], schedules: 0, exhausted: 0, repeated: 0, badEnds: new Map() }
}

/** What a made-up shard sees: it fails in its third run, if at all. */
function resultFor(number: number, schedules: number, fails: boolean): ShardResult {
  const failed = fails ? failure(3, `shard ${number}`) : null
  return {
    counts: [{ exercised: 10, witnesses: new Map([[`shape ${number % 2}`, 5]]), failure: failed }],
    schedules,
    exhausted: 3,
    repeated: 2,
    badEnds: failed ? new Map([['oops', { count: 2, first: failed }]]) : new Map(),
  }
}

test('shards cover the budget, the last with what is left, each with a seed of its own', () => {
  const shards = shardsOf(7, 2 * schedulesPerShard + 50)
  expect(shards.map(({ number }) => number)).toEqual([0, 1, 2])
  expect(shards.map(({ schedules }) => schedules)).toEqual([
    schedulesPerShard,
    schedulesPerShard,
    50,
  ])
  expect(new Set(shards.map(({ seed }) => seed)).size).toBe(3)
})

test('what is merged does not depend on how many run at once, nor on who is done first', async () => {
  const merged = async (atOnce: number, delay: (number: number) => number) => {
    const campaign = empty()
    await runShards(campaign, {
      shards: shardsOf(1, 4 * schedulesPerShard),
      atOnce,
      execute: ({ number, schedules }) =>
        new Promise((resolve) =>
          setTimeout(() => resolve(resultFor(number, schedules, number >= 2)), delay(number)),
        ),
    })
    return campaign
  }
  const one = await merged(1, () => 0)
  expect(await merged(4, (number) => 20 - 5 * number)).toEqual(one)
  expect(one.schedules).toBe(4 * schedulesPerShard)
  expect(one.repeated).toBe(8)
  expect(one.exhausted).toBe(12)
  expect(one.tallies[0]).toMatchObject({
    exercised: 40,
    witnesses: new Map([
      ['shape 0', 10],
      ['shape 1', 10],
    ]),
    failure: { says: 'shard 2', schedule: 2 * schedulesPerShard + 3 },
  })
  expect(one.badEnds.get('oops')).toMatchObject({ count: 4, first: { says: 'shard 2' } })
})

test('a campaign ends with the first shard after which it is enough; later ones do not count', async () => {
  const campaign = empty()
  const begun: number[] = []
  await runShards(campaign, {
    shards: shardsOf(1, 20 * schedulesPerShard),
    atOnce: 3,
    execute: async ({ number, schedules }) => {
      begun.push(number)
      return resultFor(number, schedules, number >= 2)
    },
    enough: ({ tallies }) => tallies[0]!.failure !== null,
  })
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(campaign.schedules).toBe(3 * schedulesPerShard)
  expect(campaign.badEnds.get('oops')!.count).toBe(2)
})

test('a shard that cannot be run ends the campaign, in its turn', async () => {
  const campaign = empty()
  const running = runShards(campaign, {
    shards: shardsOf(1, 3 * schedulesPerShard),
    atOnce: 3,
    execute: async ({ number, schedules }) => {
      if (number > 0) throw new Error(`no shard ${number}`)
      return resultFor(number, schedules, false)
    },
  })
  await expect(running).rejects.toThrow('no shard 1')
  expect(campaign.schedules).toBe(schedulesPerShard)
})

test('what failed before a campaign stays its first failure', () => {
  const campaign = empty()
  campaign.tallies[0]!.failure = failure(0, 'known')
  addTo(campaign, resultFor(0, 10, true))
  expect(campaign.tallies[0]!.failure.says).toBe('known')
})
