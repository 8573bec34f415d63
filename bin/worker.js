'use strict'
require('./typescript')
require('workerpool').worker(require('../harness/tasks').tasks)
