/** Time as benchmarks measure it: that of this process alone, so that a busy machine does not add its own. */

/** Milliseconds of processor time that this process has taken, its collector and compiler included. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
