/** Every symbol of the headers, by name: what a program can call, or be called as. */
import { declaredSymbols, type AnySymbol } from '../../engine/symbol'
import '../../reference/link'

export const kernel: ReadonlyMap<string, AnySymbol['slot']> = new Map(
  declaredSymbols().map((slot) => [slot.name, slot]),
)
