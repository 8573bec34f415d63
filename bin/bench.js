'use strict'
require('./typescript')
const [which, ...args] = process.argv.slice(2)
/** Without a name, all of them. */
const isSuite = which === undefined || which.startsWith('-')
const benches = {
  'mutant-seeds': () => require('../bench/mutant-seeds').mutantSeeds(args),
  'time-to-bug': () => require('../bench/time-to-bug').timeToBug(args),
  throughput: () => require('../bench/throughput').throughput(args),
  shrinking: () => require('../bench/shrinking').shrinking(args),
  exhaustive: () => require('../bench/exhaustive').exhaustive(args),
  determinism: () => require('../bench/determinism').determinism(args),
  'same-seed': () => require('../bench/determinism').sameSeed(args),
  'step-cost': () => require('../bench/step-cost').stepCost(args),
  monitors: () => require('../bench/monitors').monitors(args),
  reference: () => require('../bench/reference-speed').referenceSpeed(args),
  reading: () => require('../bench/reading').reading(args),
  oracle: () => require('../bench/oracle').measureOracle(args),
  drivers: () => require('../bench/drivers').drivers(args),
  'no-false-alarm': () => require('../bench/no-false-alarm').noFalseAlarm(args),
  pairs: () => require('../bench/pairs').pairs(args),
  deadlocks: () => require('../bench/deadlocks').deadlocks(args),
  seam: () => require('../bench/seam').seam(args),
  'altered-answers': () => require('../bench/altered-answers').alteredAnswers(args),
  programs: () => require('../bench/programs').programs(args),
  'over-the-pipe': () => require('../bench/over-the-pipe').overThePipe(args),
  'log-speed': () => require('../bench/log-speed').logSpeed(args),
}
/** What was asked for wrongly is said without a stack. */
function failed(error) {
  console.error(error?.name === 'UsageError' ? error.message : error)
  process.exitCode = error?.name === 'UsageError' ? 64 : 70
}

async function main() {
  if (isSuite) return require('../bench/suite/suite').suite(process.argv.slice(2))
  if (benches[which]) return benches[which]()
  console.error(`there is no benchmark "${which}"; there are ${Object.keys(benches).join(', ')}`)
  process.exitCode = 64
}

main().catch(failed)
