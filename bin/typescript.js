'use strict'
// Lets Node load the suite's TypeScript, and an implementation's, without checking types again.
const { join } = require('node:path')
require('ts-node').register({
  transpileOnly: true,
  project: join(__dirname, '..', 'tsconfig.json'),
  ignore: [/node_modules[\\/](?!hmm-conformance[\\/])/],
})
