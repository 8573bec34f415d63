/** Words of a sentence set as code. */

export const code = (text: string): string => `\`${text}\``

/** Names of the kernel's are set as code: they have an underscore, or an arrow. */
export function marked(text: string): string {
  return text.replace(/[\w-]*(?:->|_)[\w>-]+/g, (name) => code(name))
}
