import type { z } from 'zod'
import { type ReferenceRow, referenceRows } from '../../core/config/reference.ts'
import { code, page, table } from './markdown.ts'

const INTRODUCTION = `One file, \`clawtrust.yml\`, named by \`--config.file\` or lying in the working folder. Without any file every default below holds.
\`clawtrust check-config\` says whether a file is right; a wrong one is refused with its line, and at a reload the old one stays.

A key without a value counts as not written. A key that is not in these tables is an error that names the nearest one.
YAML aliases, tags and further documents in one file are refused.

\`[]\` stands for each item of a list; \`[file]\` for each item of that type.`

/** How values are written, by the placeholder that stands for them. */
const FORMS: Readonly<Record<string, string>> = {
  '<address>': 'host and port; an IPv6 address stands in brackets',
  '<cidr>': 'a network with the length of its prefix, or one address',
  '<duration>': 'as Prometheus writes durations: `y`, `w`, `d`, `h`, `m`, `s`, `ms` in this order, each at most once',
  '<envelope>':
    'the name of an envelope ([decoders.md](decoders.md) lists them), or a map with one key: `raw` and the field that holds the whole line, or `parsed` and the field that holds the parsed object',
  '<matcher>': 'a text that must be equal, or `~` and a regular expression (`<regex>`)',
  '<path>': 'a path; a relative one starts at the folder of the configuration file',
  '<regex>': "a regular expression in JavaScript's form that must match the whole text",
  '<secret>':
    'a text that is never printed; `$` and a name in braces takes it from that variable of the environment, the key with `_file` from a file',
  '<size>': 'bytes with a binary unit, such as `512MiB`',
}

/** docs/configuration.md, from the schema of the whole file; a table for each section. */
export function configurationPage(schema: z.core.$ZodType): string {
  const all = referenceRows(schema)
  const forms = Object.entries(FORMS).filter(([form]) => all.some(row => row.written.includes(form)))
  const sections = Map.groupBy(all, row => row.key.split('.')[0] ?? '')
  const blocks = [...sections].flatMap(([section, [about, ...rows]]) => [
    `## \`${section}\``,
    about?.description ?? '',
    table(['key', 'value', 'default', 'meaning'], rows.map(cells)),
  ])
  const formTable = table(
    ['value', 'how it is written'],
    forms.map(([form, how]) => [code(form), how]),
  )
  return page('Configuration', INTRODUCTION, formTable, ...blocks)
}

function cells(row: ReferenceRow): string[] {
  const { key, written, expects, defaultValue, required, description } = row
  const range =
    written.startsWith('<') && !['text', 'a path', 'true or false'].includes(expects) ? ` It is ${expects}.` : ''
  const standing = required ? 'required' : defaultValue === undefined ? '' : code(inYaml(defaultValue))
  return [code(key), code(written), standing, `${description}${range}`]
}

const inYaml = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
