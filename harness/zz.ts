import { runCampaign } from './campaign'
import { completePairIsNoticed as c } from '../spec/hmm/hmm-23-complete-pair-is-noticed'
import { balancedStartEnd } from '../spec/mmu-notifier/mmn-03-balanced-start-end'
import { trylockOnly } from '../spec/blockable/blk-18-trylock-only'
import { shrink } from './counterexample'
import { patchSet } from '../fixtures/mutants/boolean-valid'
let t = Date.now()
const cs = [c, balancedStartEnd, trylockOnly]
const r = runCampaign({ contracts: cs, patches: [], seed: 1, schedules: 3000 })
console.log(r.schedules, Date.now()-t, r.tallies.map(t => [t.contract.id, t.exercised, [...t.witnesses], t.failure?.says]), [...r.badEnds].map(([k,v])=>[k,v.count,v.first.says]))
const seen = new Map<string, number>()
for (let seed = 0; seed < 10; seed++) {
  t = Date.now()
  const m = runCampaign({ contracts: [c], patches: patchSet.patches, seed, schedules: 20000, enough: (x) => x.tallies[0]!.failure !== null })
  const f = m.tallies[0]!.failure
  const t2 = Date.now()
  if (!f) { console.log(seed, 'not found'); continue }
  const ce = shrink(c, f, patchSet.patches, 'boolean-valid')
  console.log(seed, m.schedules, t2 - t, 'ms; shrink', Date.now() - t2, 'ms', ce.searched, JSON.stringify(ce.certificate), ce.token)
  seen.set(ce.text, (seen.get(ce.text) ?? 0) + 1)
}
console.log(seen.size, [...seen.keys()].slice(0,2).join('\n\n'))
