import type { Decoding } from '../../toolkit/record.ts'
import type { MissingField, TextLineDialect } from '../dialect.ts'
import { proxyClaim } from '../proxy/claim.ts'
import { readClfTime } from '../proxy/clf-time.ts'
import { pathsOfRequest } from '../proxy/paths.ts'
import { refusalStatuses, refusedRequest } from '../proxy/refusal.ts'
import { readFiles } from '../setup.ts'

/** The beginning of a line, up to its first quotation mark. */
const BEGINNING =
  /^([0-9a-fA-F.:]{2,45}|unix:) - (.{1,1024}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] $/s
const STATUS_AND_SIZE = /^ (\d{3}) \d{1,19} $/

interface CombinedLine {
  readonly address: string
  readonly user: string
  readonly time: string
  readonly request: string
  readonly status: number
}

/**
 * `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`, and
 * what formats that begin so write behind it, which is not read. nginx writes quotation marks, backslashes and control
 * characters of values as `\x22`: every quotation mark is its own, whatever the user and the request are called. A line
 * with another backslash was written by a server that escapes otherwise, and in which a value may end elsewhere.
 */
function readLine(line: string): CombinedLine | undefined {
  const marks: number[] = []
  for (let at = line.indexOf('"'); at !== -1 && marks.length < 6; at = line.indexOf('"', at + 1)) marks.push(at)
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth] = marks
  if (sixth === undefined || line.slice(fourth + 1, fifth) !== ' ') return undefined
  if (sixth + 1 < line.length && line[sixth + 1] !== ' ') return undefined
  const [, status] = STATUS_AND_SIZE.exec(line.slice(second + 1, third)) ?? []
  const [, address = '', user = '', time = ''] = BEGINNING.exec(line.slice(0, first)) ?? []
  if (status === undefined || address === '' || !isEscapedByNginx(line, sixth)) return undefined
  return { address, user, time, request: line.slice(first + 1, second), status: Number(status) }
}

function isEscapedByNginx(line: string, end: number): boolean {
  for (let at = line.indexOf('\\'); at !== -1 && at < end; at = line.indexOf('\\', at + 4)) {
    if (!/^\\x[0-9A-F]{2}$/.test(line.slice(at, at + 4))) return false
  }
  return true
}

/** What is not in the format. */
const withoutVerification: MissingField = {
  field: 'ssl_client_verify',
  consequence:
    "client certificates, versions of TLS and what another program refused are unknown: a refused certificate counts as HTTP 400, and refusals count on OpenClaw's routes only",
  advice: 'use the log_format of deploy/nginx/log-format.conf',
  correctedBy: ['nginx-access'],
}

/** nginx's access log in its default format, which Apache and other servers write too. */
export const nginxCombinedDialect: TextLineDialect = {
  name: 'nginx-combined',
  format: 'text-line',
  // The end of the request, the status, and the first digit of the size.
  prefilter: refusalStatuses.flatMap(status => [...'0123456789'].map(digit => `" ${status} ${digit}`)),
  sourceFields: [],
  signals: ['auth_failures', 'auth_lockouts', 'policy_decisions'],
  observer: 'proxy',
  recognises: line => readLine(line) !== undefined,
  lacks: () => withoutVerification,
  decode,
  documentation: {
    reads:
      "nginx's access log in the format `combined`, its default, and in formats that begin so (`main` of nginx's packages)",
    samples: { kind: 'captured', from: 'nginx 1.22.1', test: 'test/stack/nginx.test.ts' },
    setup: [readFiles('nginx-combined', ['/var/log/nginx/access.log'])],
    rules: [
      "In nginx's **`combined`** format 400, 401, 403, 413 and 429 count on OpenClaw's routes and where the request line cannot be read. It contains neither client certificates nor versions of TLS nor who answered: a client whose certificate nginx refused is a 400 (`http_400`). The format also contains no name of the server: give the server of OpenClaw an `access_log` of its own, or refusals of other sites at `/` and `/api` count as OpenClaw's.",
      'Lines of Apache in the same format are read like those of nginx, except where a value contains a quotation mark or a backslash: these are not recognised.',
    ],
  },
}

function decode(line: string): Decoding {
  const found = readLine(line)
  const time = found && readClfTime(found.time)
  if (found === undefined || time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { address, user, request, status } = found
  const paths = pathsOfRequest(unescaped(request))
  const draft = refusedRequest({ status, paths, isAnsweredByProxy: false })
  if (draft === undefined) return { kind: 'no_signal', time, template: 'nginx-request' }
  const peerAddress = address === 'unix:' ? undefined : address
  return proxyClaim(draft, { proxy: 'nginx', time, paths, peerAddress, user: user === '-' ? undefined : user })
}

/** As the client wrote it; bytes of other encodings become characters that no path has. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\x(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
