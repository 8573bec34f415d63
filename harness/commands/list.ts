/** `list`: every contract, and what the last run of the reference said of it; or a page of what is known. */
import { UsageError } from '../../engine/errors'
import { generationsOf } from '../../spec/generations'
import { unjudged } from '../../spec/registry'
import { contractsPage } from '../contracts-page'
import { diagramsPage } from '../diagrams-page'
import { isIn, profileNamed, type Profile } from '../profiles'
import { contracts, mutant, mutantNames } from '../registry'
import { lastRun } from '../report'

interface Listed {
  readonly id: string
  readonly kind: string
  readonly level: string
  readonly binds: string
  readonly generations: readonly string[]
  readonly says: string
  readonly cites: readonly string[]
  readonly verdict: string
  readonly exercised: number
  readonly witnesses: number
  readonly mutants: readonly string[]
}

/** Which kernels a generation is. */
const kernelsOf: Readonly<Record<string, string>> = {
  hmm_mirror: '-5.4',
  mmu_interval_notifier: '5.5-',
}

export interface ListArguments {
  readonly json?: boolean
  readonly markdown?: boolean
  readonly diagrams?: boolean
  /** A version of the documents, and a subsystem. */
  readonly profile?: string
}

export function listCommand({ json, markdown, diagrams, profile }: ListArguments): number {
  if ([json, markdown, diagrams].filter(Boolean).length > 1)
    throw new UsageError('list prints one thing: give one of --json, --markdown and --diagrams')
  if (profile !== undefined && (markdown || diagrams))
    throw new UsageError('pages are about all contracts: --profile goes with the list and --json')
  if (markdown || diagrams) {
    process.stdout.write(markdown ? contractsPage() : diagramsPage())
    return 0
  }
  const listed = list(profile === undefined ? undefined : profileNamed(profile))
  if (json) console.log(JSON.stringify({ contracts: listed, unjudged }, null, 2))
  else
    for (const { id, level, verdict, generations, says } of listed) {
      const kernels = generations.map((generation) => kernelsOf[generation]!).join(', ')
      console.log(
        `${id.padEnd(7)} ${level.padEnd(6)} ${verdict.padEnd(7)} ${kernels.padEnd(11)} ${says}`,
      )
    }
  return 0
}

function list(profile: Profile | undefined): Listed[] {
  const known = new Map(lastRun()?.contracts.map((report) => [report.id, report]))
  const mutants = mutantNames().map(mutant)
  const asked = contracts.filter((contract) => isIn(contract, profile))
  return asked.map((contract) => {
    const { id, kind, level, binds, says, cites } = contract
    const report = known.get(id)
    return {
      ...{ id, kind, level, binds, generations: generationsOf(contract), says, cites },
      verdict: report?.verdict ?? 'NOT RUN',
      exercised: report?.exercised ?? 0,
      witnesses: report?.witnesses ?? 0,
      mutants: mutants.filter(({ expect }) => expect.includes(id)).map((patchSet) => patchSet.id),
    }
  })
}
