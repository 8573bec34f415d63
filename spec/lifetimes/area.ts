import type { Contract } from '../contract'
export const lifetimesContracts: readonly Contract[] = []
