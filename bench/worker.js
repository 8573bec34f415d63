'use strict'
// A thread of a benchmark: what it can be asked for is in parallel-tasks.ts.
require('../bin/typescript')
require('workerpool').worker(require('./parallel-tasks').parallelTasks)
