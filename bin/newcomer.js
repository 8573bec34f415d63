'use strict'
// What a newcomer does, in an empty folder: the package is packed and installed, and a program judged that keeps the
// contracts, and then one that does not.
//
//   node bin/newcomer.js
const { execFileSync, spawnSync } = require('node:child_process')
const { copyFileSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const root = join(__dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'newcomer-'))
const samples = join(folder, 'node_modules', 'hmm-conformance', 'fixtures', 'implementations')

/** Says what is done, and how long it took. */
function timed(what, act) {
  const began = performance.now()
  const result = act()
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return result
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Its exit code, and the last line that it prints. */
function run(...program) {
  const options = ['--contracts', 'HMM-*', '--budget', '200', '--workers', '1']
  const args = ['--no-install', 'hmm-conformance', 'run', ...options, '--', ...program]
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8' })
  console.log(`  ${(stdout.trimEnd() || stderr.trimEnd()).split('\n').at(-1)}`)
  return { status, stdout }
}

function expectThat(isSo, what) {
  if (!isSo) throw new Error(`a newcomer finds that ${what}`)
}

try {
  const packed = timed('npm pack', () => npm(root, 'pack', '--json', '--pack-destination', folder))
  const [{ filename }] = JSON.parse(packed)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const options = ['--no-audit', '--no-fund']
  timed('npm install', () => npm(folder, 'install', ...options, join(folder, filename)))
  for (const file of ['hmm.py', 'kernel.py']) copyFileSync(join(samples, file), join(folder, file))
  const kept = timed('run -- python3 hmm.py', () => run('python3', 'hmm.py'))
  expectThat(kept.status === 0, `a program that keeps the contracts ends with ${kept.status}`)
  const broken = timed('run -- python3 hmm.py valid-again', () =>
    run('python3', 'hmm.py', 'valid-again'),
  )
  expectThat(broken.status === 1, `a program that breaks one ends with ${broken.status}`)
  expectThat(/=> HMM-\d\d: /.test(broken.stdout), 'no contract says which it breaks')
  console.log('a newcomer gets there')
} catch (error) {
  console.error(error.stderr || error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
