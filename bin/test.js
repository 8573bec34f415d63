'use strict'
require('./typescript')
require('../harness/test')
