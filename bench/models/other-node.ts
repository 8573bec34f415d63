/** Other versions of Node, from the registry, into a folder that does not stay. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Path of a Node of this major version; null where npm cannot have it. */
export function installNode(major: string, folder: string): string | null {
  const own = join(folder, `node-${major}`)
  mkdirSync(own)
  const args = ['install', '--no-audit', '--no-fund', '--prefix', own, `node@${major}`]
  const { status } = spawnSync('npm', args, { cwd: own, stdio: 'ignore' })
  const node = join(own, 'node_modules', 'node', 'bin', 'node')
  if (status !== 0 || !existsSync(node)) return null
  return spawnSync(node, ['--version']).status === 0 ? node : null
}
