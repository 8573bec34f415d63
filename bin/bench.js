'use strict'
require('./typescript')
const [which, ...args] = process.argv.slice(2)
const benches = {
  'mutant-seeds': () => require('../bench/mutant-seeds').mutantSeeds(args),
  'time-to-bug': () => require('../bench/time-to-bug').timeToBug(args),
  throughput: () => require('../bench/throughput').throughput(args),
  shrinking: () => require('../bench/shrinking').shrinking(args),
  exhaustive: () => require('../bench/exhaustive').exhaustive(args),
  determinism: () => require('../bench/determinism').determinism(args),
  'same-seed': () => require('../bench/determinism').sameSeed(args),
  'step-cost': () => require('../bench/step-cost').stepCost(args),
  seam: () => require('../bench/seam').seam(args),
}
if (!benches[which]) {
  console.error(
    `there is no benchmark "${which ?? ''}"; there are ${Object.keys(benches).join(', ')}`,
  )
  process.exitCode = 64
} else benches[which]()
