/** Reference counts. */
import { define } from '../../engine/symbol'
import { point } from '../../engine/task'
import { kref_get, kref_get_unless_zero, kref_put } from '../../spec/headers/locking'
import type { kref } from '../../spec/headers/types'
import { WARN_ON } from './bug'
import { atomic_fields, struct } from './slab'

/** A count that starts with its maker's reference. */
export const kref_struct = struct('kref', (): kref => ({ refcount: 1 }))
atomic_fields('kref')

define(kref_get, function* (kref) {
  yield* point('kref_get')
  WARN_ON(kref.refcount === 0, 'kref_get of an object that is being freed')
  kref.refcount++
})

define(kref_get_unless_zero, function* (kref) {
  yield* point('kref_get_unless_zero')
  if (kref.refcount === 0) return false
  kref.refcount++
  return true
})

define(kref_put, function* (kref, release) {
  yield* point('kref_put')
  kref.refcount--
  if (kref.refcount !== 0) return false
  yield* release(kref)
  return true
})
