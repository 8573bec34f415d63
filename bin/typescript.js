'use strict'
// Lets Node load the suite's TypeScript, and an implementation's, without checking types again.
// What was compiled once is kept in node_modules/.cache until its source changes; workers are given what the
// main thread has. So the compiler itself is loaded only for what is new.
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { dirname, join, sep } = require('node:path')
const { getEnvironmentData, setEnvironmentData, isMainThread } = require('node:worker_threads')

const root = join(__dirname, '..')
const project = join(root, 'tsconfig.json')
const cache = join(root, 'node_modules', '.cache', 'hmm-conformance', 'compiled.json')
const key = 'hmm-conformance: compiled files'

/** By file: what it was compiled from, as a digest, and to. */
const compiled = getEnvironmentData(key) ?? readCache()
let isCacheOld = false

// Stack traces speak of the sources, as the compiler's own would.
require(
  require.resolve('@cspotcode/source-map-support', { paths: [require.resolve('ts-node')] }),
).install({ retrieveFile: (file) => compiled.get(file)?.code })

const { '.js': js, '.ts': ts } = require.extensions
// `.cts` has no handler of its own: Node gives it to that of `.js`.
for (const [extension, before] of Object.entries({ '.js': js, '.ts': ts }))
  require.extensions[extension] = (module, file) => {
    const code = codeOf(file)
    if (code !== undefined) return module._compile(code, file)
    if (!/\.[cm]?ts$/.test(file)) return before(module, file)
    registerCompiler()
    require.extensions[extension](module, file)
  }

if (isMainThread) {
  setEnvironmentData(key, compiled)
  process.on('exit', writeCache)
}

/** What a file was compiled to, if it is still the same. */
function codeOf(file) {
  const known = compiled.get(file)
  return known && known.digest === digestOf(readFileSync(file, 'utf8')) ? known.code : undefined
}

function digestOf(source) {
  return createHash('sha256').update(source).digest('hex')
}

function registerCompiler() {
  require.extensions['.js'] = js
  if (ts) require.extensions['.ts'] = ts
  else delete require.extensions['.ts']
  const service = require('ts-node').register({
    transpileOnly: true,
    project,
    ignore: [/node_modules[\\/](?!hmm-conformance[\\/])/],
  })
  const { compile } = service
  service.compile = (source, file) => {
    const digest = digestOf(source)
    const known = compiled.get(file)
    if (known?.digest === digest) return known.code
    const code = compile(source, file)
    compiled.set(file, { digest, code })
    isCacheOld ||= isOurs(file)
    return code
  }
}

const isOurs = (file) => file.startsWith(root + sep)

/** Of another compiler, or of other options, nothing is kept. */
function version() {
  const { version: typescript } = require('typescript/package.json')
  return digestOf(`${typescript} ${process.version} ${readFileSync(project, 'utf8')}`)
}

function readCache() {
  try {
    const { version: of, files } = JSON.parse(readFileSync(cache, 'utf8'))
    return of === version() ? new Map(files) : new Map()
  } catch {
    return new Map()
  }
}

function writeCache() {
  if (!isCacheOld) return
  const files = [...compiled].filter(([file]) => isOurs(file))
  const unfinished = `${cache}.${process.pid}`
  try {
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(unfinished, JSON.stringify({ version: version(), files }))
    renameSync(unfinished, cache)
  } catch {
    // A folder that cannot be written to costs time and nothing else.
  }
}
