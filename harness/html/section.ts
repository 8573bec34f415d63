/** A run on a page: what is broken, why it depends on the order, and the run itself. */
import { escape, max, sortBy, uniqueId } from 'lodash'
import { recorded } from '../../engine/choice'
import type { Execution } from '../../engine/run'
import type { Patch } from '../../engine/symbol'
import type { Contract } from '../../spec/contract'
import { objectingTo } from '../../spec/judge'
import { kernelObservingAll } from '../campaign'
import type { Counterexample } from '../counterexample'
import { badEndsOf } from '../ends'
import { sentencesOf, stepsNamed, type Insight } from '../insight'
import { contracts } from '../registry'
import { sourceOf } from '../sources'
import { levelsOf } from '../story'
import { runWorkload } from '../workload'
import { timelineTable } from './timeline'

export interface RunToShow {
  readonly execution: Execution
  /** Who is asked; the first that objects decides what is told. */
  readonly contracts: readonly Contract[]
  readonly insight: Insight | null
  /** Said below: its size, and what is claimed of it. */
  readonly claim: string
  /** What replays it, if there is a token. */
  readonly token: string | null
}

export function runSection(run: RunToShow): string {
  const { execution, contracts, insight, claim, token } = run
  const broken = objectingTo(execution.events, contracts)
  const lead = broken[0]?.contract ?? null
  const until = max(broken.map(({ objection }) => objection.at)) ?? execution.events.length
  const table = timelineTable(
    {
      execution,
      until,
      objections: broken.map(({ objection }) => objection),
      shares: insight?.curve.shares ?? [],
      named: insight ? stepsNamed(insight) : [],
    },
    levelsOf(execution.events.slice(0, until + 1), lead),
  )
  const ends = badEndsOf(execution).map(({ says }) => says)
  const sentences = [...(insight ? sentencesOf(insight) : []), claim, ...ends]
  return `<section class="run">
<h2>${lead ? escape(lead.id) : `${contracts.length} contracts, none objects`}</h2>
${broken.map(({ contract }) => rule(contract)).join('\n')}
<ul>
${sentences.map((sentence) => `<li>${escape(sentence)}</li>`).join('\n')}
${token === null ? '' : `<li><code>npx hmm-conformance replay ${escape(token)}</code></li>`}
</ul>
${detailChoice()}
${table}
</section>`
}

/** A counterexample, run once more with everything observed; whoever objects to it is told with it. */
export function counterexampleSection(found: Counterexample, patches: readonly Patch[]): string {
  const { workload, choices, insight, token, claimed } = found
  const execution = runWorkload(kernelObservingAll(patches), workload, recorded(choices))
  const broken = found.breaks.map(({ contract }) => contract)
  const asked = sortBy(
    contracts.filter(({ id }) => broken.includes(id)),
    ({ id }) => broken.indexOf(id),
  )
  return runSection({ execution, contracts: asked, insight, claim: claimed, token })
}

function rule({ id, says, cites }: Contract): string {
  return `<blockquote><b>${escape(id)}</b> ${escape(says)} <span class="source">(${escape(sourceOf(cites[0]!))})</span></blockquote>`
}

/** Which rows are seen: the style of the page reads it. */
function detailChoice(): string {
  const name = uniqueId('detail')
  const choice = (level: string, text: string, checked = '') =>
    `<label><input type="radio" name="${name}" class="${level}"${checked}> ${text}</label>`
  return `<p class="choice">${choice('story', 'in short', ' checked')}${choice('known', 'what matters to the contract')}${choice('all', 'every call')}</p>`
}
