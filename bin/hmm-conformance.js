#!/usr/bin/env node
'use strict'
require('./typescript')
process.exitCode = require('../harness/cli').main(process.argv.slice(2))
