/** Pages that need nothing else: no script, no font, no picture from elsewhere. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { escape } from 'lodash'

/** A page of sections, each HTML already. */
export function htmlPage(title: string, sections: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
${style}</style>
</head>
<body>
<h1>${escape(title)}</h1>
${sections.join('\n')}
</body>
</html>
`
}

/** Writes a page to a file, in folders that are made if they are not there, and says so. */
export function writePage(file: string, title: string, sections: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, htmlPage(title, sections))
  console.log(`written: ${file}`)
}

const style = `:root { color-scheme: light dark; --line: #8884; --quiet: #888; --bad: #c22; --mark: #fb03; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em; }
h1 { font-size: 1.4em } h2 { font-size: 1.15em; margin-top: 2.5em }
blockquote { border-left: 3px solid var(--bad); margin: 1em 0; padding: 0.2em 1em }
code, .timeline { font: 13px/1.45 ui-monospace, monospace }
code { overflow-wrap: anywhere }
.source, .step { color: var(--quiet) }
.choice { margin: 1em 0 0.5em } .choice label { cursor: pointer; margin-right: 1.2em }
table { border-collapse: collapse }
.timeline { width: 100% }
.timeline th { border-bottom: 1px solid; position: sticky; text-align: left; top: 0; background: Canvas }
.timeline td, .timeline th { padding: 0 0.4em; vertical-align: top }
.timeline td + td { border-left: 1px solid var(--line) }
.timeline tr:hover { background: var(--mark) }
.operation { font-weight: bold }
.step, .named { text-align: right; width: 3em } .named { background: var(--mark); font-weight: bold }
.share { position: relative; width: 4.5em } .share b { font-weight: normal; position: relative }
.share span { background: #c224; bottom: 1px; left: 0; position: absolute; top: 1px }
.objected { background: #c222 } .objection td { color: var(--bad); padding: 0.3em 0.4em }
.verdicts td, .verdicts th { border-bottom: 1px solid var(--line); padding: 0.1em 1em 0.1em 0; text-align: left }
.verdicts .number { text-align: right } .FAIL { color: var(--bad); font-weight: bold }
.run:has(.story:checked) .level1, .run:has(.story:checked) .level2, .run:has(.known:checked) .level2 { display: none }
`
