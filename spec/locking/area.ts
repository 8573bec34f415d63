import type { Contract } from '../contract'
export const lockingContracts: readonly Contract[] = []
