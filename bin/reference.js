'use strict'
// The reference as a program that implements part of the kernel: node bin/reference.js hmm notifier-core
require('./typescript')
try {
  require('../harness/pipe/served/reference').serveReference(process.argv.slice(2))
} catch (error) {
  console.error(error?.name === 'UsageError' ? error.message : error)
  process.exitCode = error?.name === 'UsageError' ? 64 : 70
}
