'use strict'
require('./typescript')
require('../harness/pipe/bridge')
