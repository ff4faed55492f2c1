import type { DialectDocumentation, DocumentationTable } from '../dialect.ts'
import { fileLogSetup } from '../openclaw/setup.ts'
import { templateFamilies } from './templates/catalogue.ts'
import type { Template } from './templates/template.ts'

const code = (text: string): string => (text === '' ? '' : `\`${text}\``)

function familyTable(title: string, templates: readonly Template[]): DocumentationTable {
  return {
    title,
    header: ['template', 'logger', 'begins with', 'moves', 'labels', 'evidence'],
    rows: templates.map(({ id, subsystems, prefix, moves, labels, evidence }) => [
      code(id),
      subsystems.length === 0 ? 'any' : subsystems.map(name => (name === '' ? 'root' : code(name))).join(', '),
      code(prefix.trim()),
      moves.map(code).join(', '),
      labels === undefined ? '' : labels.map(code).join(', '),
      evidence,
    ]),
  }
}

/** The documentation of OpenClaw's log, in all of its layouts. */
export const fileDocumentation: DialectDocumentation = {
  reads:
    'the file log: JSON lines with `_meta`, also those of early 2026 without `message` and `hostname`, coloured ones and verbose ones; as lines or as parsed documents',
  samples: {
    kind: 'captured',
    from: 'OpenClaw 2026.9.6; templates of which none was captured are marked `source` below',
    test: 'test/stack/chain/chain.test.ts',
  },
  setup: fileLogSetup,
  rules: [
    '**One refused connection is one event.** `closed before connect` with a cause in its meta leads; `unauthorized`, `protocol mismatch`, `control ui build rejected`, `security audit: device … upgrade requested` and their like are partners by connection id: they count only if no leading line arrived.',
    'A close **without a cause** (a disconnect, a scanner, a frame that is not JSON) is not a failure.',
    'The **reason** is `authReason`, else `meta.reason`, else `cause`, each from a closed set; a new value is `other`. `rate_limited` is a lockout, not a failure: from then on a valid credential is refused too.',
    "The **mechanism** is that of the credential that was provided; without one, the mechanism in the reason, else the gateway's mode.",
    '`suppressed=N` adds N (at most 100,000), taken from the line that is counted, and only where the gateway itself wrote it: at the end, after its own phase.',
    'Cause, reason and addresses come **from meta, never from the text**, which callers can imitate. A message that was truncated at 4,096 characters still counts if meta contains everything; otherwise it is counted as `truncated_message`.',
    "An RPC result is a decision only when it was refused (`FORBIDDEN`, an unauthorised role, a node command that is not allowed). Method names are the caller's and never a label.",
    "A blocked fetch counts once, by the guard's own line; the tool failure after it moves nothing.",
    '`config_write` contains the author, `config_reload` the change that the gateway applied: one change can be both, so do not add the two kinds. Later lines about a detected change move nothing.',
    'Severity of a configuration change is `high` if a sensitive path is among the changed ones, in both directions (`tools` stands for `tools.elevated.enabled`), else `medium`.',
    'The log and the log by OpenTelemetry hold the same lines: of the streams `file-log` and `otel-log` only the one in `exporter.authority` counts. File log and console of **one** gateway, in JSON or in plain text, are one stream: ship one of them.',
    'A record in JSON **near the console in plain text** is not believed: a client that has not signed in can write it into that console as a line of its own. In files, records of OpenClaw within 1 MiB after such a line are counted as `forgeable_line`, also in the next file of the same path; so are those of a proxy, except where the line of the console and the record are each in an envelope and that of the record names the proxy. In documents, each of which is decoded by itself, this cannot be seen, and such a record counts: set `logging.consoleStyle: json` before you ship the output of a gateway, or ship its file log.',
  ],
  sections: [
    {
      title: 'Templates of the log',
      text: "`captured`: seen in the log of a real gateway. `source`: known only from OpenClaw's source, and tested with a synthetic line. To add one, add its entry to the family's table in `decoding/dialects/openclaw-log/templates/` and its line to `test/fixtures/openclaw/synthetic-lines.jsonl`, or a captured one.",
      tables: Object.entries(templateFamilies).map(([family, templates]) => familyTable(family, templates)),
    },
  ],
}
