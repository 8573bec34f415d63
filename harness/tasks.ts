/** What a worker does: plain data in, plain data out, in its own thread or in this one. */
import { runCampaign } from './campaign'
import { hunt, type HuntTask, type MutantReport } from './hunt'
import { contractsWithIds } from './registry'
import { resultOf, type ShardResult } from './shards'
import { chosenSubject } from './subject'

export interface ShardTask {
  /** A subject by its name, or by its file. */
  readonly subject: string
  readonly file: string | undefined
  readonly contracts: readonly string[]
  readonly seed: number
  readonly schedules: number
}

export interface Tasks {
  readonly shard: (task: ShardTask) => ShardResult
  readonly hunt: (task: HuntTask) => Promise<MutantReport>
}

export const tasks: Tasks = {
  shard: ({ subject, file, contracts, seed, schedules }) =>
    resultOf(
      runCampaign({
        contracts: contractsWithIds(contracts),
        patches: chosenSubject(file, subject).patches,
        seed,
        schedules,
      }),
    ),
  hunt,
}
