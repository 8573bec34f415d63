'use strict'
// TypeScript for jest: each file is transpiled alone and its types are dropped; `tsc` checks them apart.
const { createHash } = require('node:crypto')
const ts = require('typescript')

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
  inlineSourceMap: true,
  inlineSources: true,
}

module.exports = {
  process(source, fileName) {
    return { code: ts.transpileModule(source, { fileName, compilerOptions }).outputText }
  },
  getCacheKey(source, fileName) {
    return createHash('sha256')
      .update(`${ts.version} ${JSON.stringify(compilerOptions)} ${fileName}`)
      .update(source)
      .digest('hex')
  },
}
