/** What the thread that owns a program shares with the one that waits for it. */

/** No line of a program is longer. */
export const lineBytesMax = 2 ** 20

/** Places in the control words. */
export enum Control {
  /** 1 once there is something to read. */
  answered,
  /** What it is. */
  kind,
  /** How many bytes of the text area it takes. */
  length,
  /** The program's process; 0 before it was started. */
  pid,
  /** Bytes that came without a newline behind them. */
  pending,
}

export enum Kind {
  line,
  /** The process has ended. */
  ended,
  /** It sent what can be no line. */
  unreadable,
  /** There is no such command. */
  unstartable,
}

export interface Shared {
  readonly control: Int32Array
  readonly text: Uint8Array
}

/** A process to be started. */
export interface Start {
  readonly command: readonly string[]
  readonly shared: Shared
}

/** What the thread is told: a line, a process in the place of the one that it has, or that there is none any more. */
export type ToBridge = string | Start | null

export function newShared(): Shared {
  return {
    control: new Int32Array(new SharedArrayBuffer(4 * 8)),
    text: new Uint8Array(new SharedArrayBuffer(lineBytesMax)),
  }
}
