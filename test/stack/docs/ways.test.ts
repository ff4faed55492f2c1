import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import { type Way, ways } from '../../docs/pages-that-run.ts'
import { withCommands } from '../../requirements.ts'
import { read } from '../../structure/source-files.ts'
import { type Elasticsearch, startElasticsearch } from '../elasticsearch/servers/elasticsearch.ts'
import { installedSyslogNg } from '../shippers/syslog-ng.ts'
import { connection } from '../state/lines.ts'
import { type Change, follow } from './follow.ts'
import { Machine } from './machine.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** Servers, commands and waits on a busy machine. */
const LIMIT_MS = 600_000

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

/** The programs that a page names otherwise than this system, or that are not installed on it. */
function programs(): Readonly<Record<string, readonly string[]>> {
  const { command, args, env } = installedSyslogNg()
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return {
    // docs/elasticsearch.md says what it is in a clone.
    clawtrust: [process.execPath, main],
    // Debian's name.
    alertmanager: ['prometheus-alertmanager'],
    'syslog-ng': ['env', ...variables, command, ...args],
  }
}

/** What a test changes in the commands; docs/elasticsearch.md says so. */
const withoutDataStreams: Change = commands =>
  commands.replace('elastic setup --apply', 'elastic setup --apply --plain')

async function walk({ pages, hasElasticsearch }: Way): Promise<void> {
  const machine = await Machine.start({ programs: programs(), hosts: '127.0.0.1 logs-1.example' })
  let elasticsearch: Elasticsearch | undefined
  try {
    if (hasElasticsearch === true) elasticsearch = await startElasticsearch({ secure: true })
    writeLog(join(machine.logs, 'openclaw-2026-11-22.log'))
    if (elasticsearch !== undefined) await connect(machine, elasticsearch)
    for (const page of pages) await follow(read(page), machine, withoutDataStreams)
  } finally {
    await machine.stop()
    await elasticsearch?.stop()
  }
}

/** What the page says that the reader has. */
async function connect(machine: Machine, { url, password, certificates }: Elasticsearch): Promise<void> {
  machine.write('admin-password', password)
  copyFileSync(certificates?.caFile ?? '', join(machine.folder, 'elastic-ca.pem'))
  await machine.forward(9200, Number(new URL(url).port))
}

withCommands(
  'prometheus',
  'promtool',
  'prometheus-alertmanager',
  'amtool',
  'rsyslogd',
  'syslog-ng',
  'openssl',
  'curl',
  'jq',
).describe('a reader who follows the pages to the letter sees after each command what the page says', () => {
  it.concurrent.each(Object.entries(ways))(
    '%s',
    async (_, way) => {
      await expect(walk(way)).resolves.toBeUndefined()
    },
    LIMIT_MS,
  )
})

/** The log of a gateway over the last 14 hours, with a refused sign-in every three minutes: scores need 12 hours. */
function writeLog(file: string): void {
  const now = Date.now()
  const times = Array.from(
    { length: (14 * HOUR_MS) / (3 * MINUTE_MS) },
    (_, index) => now - 14 * HOUR_MS + index * 3 * MINUTE_MS,
  )
  const lines = times.flatMap(time => [
    ...connection('noise', 'gw-1', time).lines,
    ...connection('pair', 'gw-1', time).lines,
  ])
  writeFileSync(file, lines.map(line => `${line}\n`).join(''))
}
