import type { Template } from '../../decoding/dialects/openclaw-log/template.ts'
import { parsedLinePaths, rawLinePaths } from '../../decoding/envelopes/paths.ts'
import { code, page, table } from './markdown.ts'

/** What the page is made from: the decoders' own tables. */
export interface DecoderTables {
  readonly families: Readonly<Record<string, readonly Template[]>>
  readonly actions: readonly string[]
  readonly wanted: readonly string[]
}

const names = (paths: readonly string[]) => paths.map(code).join(', ')

const INTRODUCTION = `A decoder knows one dialect. It says of every record what it claims to have happened, or why it says nothing; what it does not know it counts by reason (\`clawtrust_undecoded_total\`) and never guesses. Subject: OpenClaw 2026.9.6, and the older layouts named below.

| decoder | reads |
| --- | --- |
| \`security-event\` | the \`security.event\` stream: OpenTelemetry log records as stdout JSON lines or as documents, with dotted or nested attributes; the event itself, bare or wrapped in \`{event, meta}\` |
| \`openclaw-file\` | the file log: JSON lines with \`_meta\`, also those of early 2026 without \`message\` and \`hostname\`, coloured ones and verbose ones; as lines or as parsed documents |
| \`openclaw-console\` | the JSON console (\`logging.consoleStyle: json\`): flat, level in lower case |
| \`nginx-access\` | nginx's access log in the format of \`deploy/nginx/log-format.conf\` |
| \`nginx-error\` | nginx's error log at level \`info\`: only handshakes that did not come about |
| \`openclaw-otel\` | the log as the plugin \`diagnostics-otel\` exports it: attributes \`openclaw.<key>\`; without \`captureContent\` only refused connections can be told |
| \`ecs\` | authentication events in the Elastic Common Schema (\`event.category: authentication\` with an \`event.outcome\`); documents only |

The first that knows a record takes it. The plain-text console is not read: there the cause of a refused connection stands only in an unquoted tail that the caller's own headers can imitate. Switch it to JSON, or read the file log.`

const DOCUMENTS = `## Documents

A document of Elasticsearch is searched for OpenClaw's own record, each document by itself, so that an index may hold a mixture:

* parsed **at the root**, or **under a name**: ${names(parsedLinePaths)}; nested or with dotted keys;
* as the **raw line** in ${names(rawLinePaths)};
* as **attributes** of an OpenTelemetry log record: at the root, under \`attributes\`, \`Attributes\` or \`labels\` (there also with underscores for dots).

Beside a record, the shipper's own \`message\` is not read. \`service.instance.id\`, \`host.name\`, \`service.name\`, \`kubernetes.namespace\` and \`kubernetes.labels\`, also as attributes of an OpenTelemetry resource, tell where the document comes from and go before what the line says.

The log and the log by OpenTelemetry hold the same lines: of the streams \`file-log\` and \`otel-log\` only the one in \`exporter.authority\` counts. File log and JSON console of **one** gateway are one stream: ship one of them.

Evidence: documents behind rsyslog were captured from a real server; the other shapes, the OpenTelemetry Collector's among them, are laid out by the shippers' documentation and were never captured.`

const RULES = `## How lines are counted

* **One refused connection is one event.** \`closed before connect\` with a cause in its meta leads; \`unauthorized\`, \`protocol mismatch\`, \`control ui build rejected\`, \`security audit: device … upgrade requested\` and their like are partners by connection id: they count only where no leading line came.
* A close **without a cause** (a disconnect, a scanner, a frame that is no JSON) is no failure.
* The **reason** is \`authReason\`, else \`meta.reason\`, else \`cause\`, each from a closed set; a word of tomorrow is \`other\`. \`rate_limited\` is a lockout, not a failure: from then on even the right credential is refused.
* The **mechanism** is that of the credential that was provided; where none was, the one that the reason names, else the gateway's mode.
* \`suppressed=N\` adds N (at most 100,000), taken from the line that is counted, and only where the gateway itself wrote it: at the very end, behind its own phase.
* Cause, reason and addresses come **from meta, never from the text**, which callers can imitate. A message that was cut at 4,096 characters still counts where meta tells everything; otherwise it is counted as \`truncated_message\`.
* An RPC result is a decision only when it was refused (\`FORBIDDEN\`, an unauthorised role, a node command that is not allowed). Method names are the caller's and never a label.
* A blocked fetch counts once, by the guard's own line; the tool failure after it moves nothing.
* \`config_write\` tells who wrote, \`config_reload\` what the gateway took up: one change can be both, so do not add the two kinds. What became of a detected change moves nothing more.
* Severity of a configuration change is \`high\` where a sensitive path is among those named, in both directions (\`tools\` stands for \`tools.elevated.enabled\`), else \`medium\`.
* In nginx **\`$ssl_client_verify\` decides, not the status**: a client certificate that failed is answered after the handshake. Reasons are one set for all proxies; a client that rejects our own certificate (\`server_certificate_rejected\`) is no offender.
* nginx's 401, 403 and 429 on OpenClaw's routes have the mechanism \`http\`, whoever answered: do not add it to other mechanisms. The certificates' expiry comes from verified clients only.
* A line longer than 131,072 characters is not parsed (\`line_too_long\`).`

/** docs/decoders.md, from the decoders' tables. */
export function decodersPage({ families, actions, wanted }: DecoderTables): string {
  return page(
    'Decoders',
    INTRODUCTION,
    DOCUMENTS,
    RULES,
    `## Templates of the log\n\n\`captured\`: met in the log of a real gateway. \`source\`: read in OpenClaw's source only, and tested with a made-up line. To add one, add its entry to the family's table in \`decoding/dialects/openclaw-log/templates/\` and its line to \`test/fixtures/openclaw/made-up-lines.jsonl\`, or a captured one.`,
    ...Object.entries(families).map(([family, templates]) => `### ${family}\n\n${familyTable(templates)}`),
    `## Actions of the security.event stream\n\n${actions.map(code).join(', ')}`,
    `## Skipping\n\nA line that holds none of these texts can bring neither a claim nor a loss; a source may count it as \`skipped\` without parsing it: ${wanted.map(code).join(', ')}.`,
  )
}

function familyTable(templates: readonly Template[]): string {
  return table(
    ['template', 'logger', 'begins with', 'moves', 'labels', 'evidence'],
    templates.map(({ id, subsystems, prefix, moves, labels, evidence }) => [
      code(id),
      subsystems.length === 0 ? 'any' : subsystems.map(name => (name === '' ? 'root' : code(name))).join(', '),
      code(prefix.trim()),
      moves.map(code).join(', '),
      labels === undefined ? '' : labels.map(code).join(', '),
      evidence,
    ]),
  )
}
