/** The contracts of locking order. */
import type { Contract } from '../contract'
import { callbackLockIsALeaf } from './lck-07-callback-lock-is-a-leaf'

export const lockingContracts: readonly Contract[] = [callbackLockIsALeaf]
