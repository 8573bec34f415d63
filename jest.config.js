'use strict'

/** Tests stand beside what they test; properties quantify over generated runs. */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts', '<rootDir>/properties/**/*.property.ts'],
  transform: { '\\.ts$': '<rootDir>/harness/jest-transform.js' },
  maxWorkers: 2,
  // A worker that has grown is replaced between files: no process nears 512 MiB.
  workerIdleMemoryLimit: '300MB',
  testTimeout: 120_000,
}
