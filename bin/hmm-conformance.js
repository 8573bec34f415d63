#!/usr/bin/env node
'use strict'
require('./typescript')
require('../harness/cli')
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code
  })
