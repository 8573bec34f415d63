'use strict'

/** The tests at their full size: what harness/fixtures/size.ts says. */
module.exports = { ...require('./jest.config'), globals: { proofs: true } }
