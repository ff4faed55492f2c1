import type { z } from 'zod'
import { type ReferenceRow, referenceRows } from '../../core/config/reference.ts'
import { code, page, table } from './markdown.ts'

const INTRODUCTION = `One file, \`clawtrust.yml\`, set by \`--config.file\` or in the working folder. Without a file, the defaults below apply.
\`clawtrust check-config\` checks a file; errors are reported with their line, and after a failed reload the previous configuration stays in force. It also reads the first 64 KiB of each configured log file (the newest 100 of a source), and warns of those that are missing, may not be read or are in no known format. It reads the GeoIP database of remediation, without which that does not start, the threat lists, and the databases of \`exporter.enrichment\`, and warns of those that cannot be read. It warns of keys of the exporter and of remediation that do not fit each other, as both services do at their start. 

Every finding names the key, the file and the line, and what to do. A fault of the YAML also shows the column and the line, with values as \`…\` because they may be secrets. The exit code of \`check-config\` is 0 if the file is valid, also with warnings, which go to standard error; 2 if the file, or a file or environment variable that it names, cannot be used; 1 if the GeoIP database cannot be used, or the check itself failed.
Of a file that changes no default, \`check-config\` says what the exporter would read.

\`check-config\` warns of secrets that others can read:

* a secret in clear text in the file: use the key with \`_file\`, or an environment variable;
* credentials, tokens and addresses with a secret (a query, or a long part of the path) that are sent over \`http://\` to another machine: use \`https://\`. Loopback addresses, and names without a dot, such as a service of the same Compose file, are not warned of. They are not refused, because a tunnel or a service mesh may encrypt the connection. Addresses of Elasticsearch, providers and destinations with a user or password in them are refused;
* a file with a secret that every user of the machine can read, except below \`/run/secrets\`, where container engines mount secrets;
* \`NODE_TLS_REJECT_UNAUTHORIZED=0\` in the environment, which switches off the verification of certificates; the services warn of it too.

A known key without a value is ignored. An unknown key is an error, which contains the most similar known key, or the section to which the key belongs.
YAML aliases, tags and multiple documents in a file are refused.

\`[]\` is an item of a list; \`[file]\` is an item of that type.`

/** How values are written, by their placeholder. */
const FORMS: Readonly<Record<string, string>> = {
  '<address>': 'host and port; an IPv6 address in brackets',
  '<cidr>': 'a network with its prefix length, or an address',
  '<duration>':
    'a duration in the format of Prometheus: `y`, `w`, `d`, `h`, `m`, `s`, `ms` in this order, each at most once',
  '<envelope>':
    'the name of an envelope ([decoders.md](decoders.md) lists them), or a map with one key: `raw` and the field with the whole line, or `parsed` and the field with the parsed object',
  '<matcher>': 'a text that must be equal, or `~` and a regular expression (`<regex>`)',
  '<path>':
    'a path; a relative path is resolved against the folder of the configuration file. A file that is read must be a regular file (a FIFO, socket, device or directory is refused) of at most 1 MiB (a secret: 64 KiB, a threat list: 256 MiB, a GeoIP database: 1 GiB; logs have no limit)',
  '<regex>': 'a JavaScript regular expression that must match the whole text',
  '<secret>':
    'a text that is never printed; `$` and a name in braces reads it from that environment variable, the key with `_file` from a file',
  '<size>': 'bytes with a binary unit, such as `512MiB`',
}

/** docs/configuration.md, from the schema of the whole file; a table for each section. */
export function configurationPage(schema: z.core.$ZodType): string {
  const all = referenceRows(schema)
  const forms = Object.entries(FORMS).filter(([form]) => all.some(row => row.written.includes(form)))
  const sections = Map.groupBy(all, row => row.key.split(/[.[]/, 1)[0] ?? '')
  const blocks = [...sections].flatMap(([section, [about, ...rows]]) => [
    `## \`${section}\``,
    about?.description ?? '',
    table(['key', 'value', 'default', 'meaning'], rows.map(cells)),
  ])
  const formTable = table(
    ['value', 'format'],
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
