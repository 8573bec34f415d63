/** The engine's types that headers are written in. */
export type { AtomicTask, Task } from '../../engine/task'
export type { Ops } from '../../engine/symbol'
