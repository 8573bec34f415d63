'use strict'
// Lets Node load the suite's TypeScript, and an implementation's, without checking types again.
// What the main thread has compiled its workers are given: they need no compiler, unless for what is new.
const { getEnvironmentData, setEnvironmentData } = require('node:worker_threads')
const { join } = require('node:path')

const key = 'hmm-conformance: compiled files'
const given = getEnvironmentData(key)
const compiled = given ?? new Map()
if (given) loadWhatIsCompiled()
else {
  setEnvironmentData(key, compiled)
  registerCompiler()
}

function registerCompiler() {
  const service = require('ts-node').register({
    transpileOnly: true,
    project: join(__dirname, '..', 'tsconfig.json'),
    ignore: [/node_modules[\\/](?!hmm-conformance[\\/])/],
  })
  const { compile } = service
  service.compile = (code, file) => {
    if (!compiled.has(file)) compiled.set(file, compile(code, file))
    return compiled.get(file)
  }
}

/** `.cts` has no handler of its own: Node gives it to that of `.js`. */
function loadWhatIsCompiled() {
  const { '.js': js, '.ts': ts } = require.extensions
  for (const [extension, before] of Object.entries({ '.js': js, '.ts': ts }))
    require.extensions[extension] = (module, file) => {
      if (compiled.has(file)) return module._compile(compiled.get(file), file)
      if (!/\.[cm]?ts$/.test(file)) return before(module, file)
      require.extensions['.js'] = js
      if (ts) require.extensions['.ts'] = ts
      else delete require.extensions['.ts']
      registerCompiler()
      require.extensions[extension](module, file)
    }
}
