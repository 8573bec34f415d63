'use strict'
const suite = require('./jest.config')

/** The tests at their full size, and what enumerates every schedule of many small workloads. */
module.exports = {
  ...suite,
  testMatch: [...suite.testMatch, '**/*.proof.ts'],
  globals: { proofs: true },
}
