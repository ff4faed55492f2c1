import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { dashboards } from '../../../dashboards/definitions/catalogue.ts'
import { writtenOut } from '../../alert-rules/written-out.ts'
import { map, mmdbOf, number, text } from '../../mmdb.ts'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningExporter, startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'

const ruleFile = fileURLToPath(new URL('../../../alert-rules/prometheus/clawtrust.rules.yml', import.meta.url))

const ATTACKER = '192.0.2.77'
/** Three of its hosts are refused. */
const NETWORK = '2001:db8:1:2::/64'
/** The only source of the exporter without files. */
const UNKNOWN = '192.0.2.78'
const TIMES = 27

interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const database = (data: Buffer) => mmdbOf({ address: [192, 0, 2, 0], bits: 24, data, builtAt: 1_799_913_600 })
const countries = (code: string) => database(map({ country: map({ iso_code: text(code) }) }))
const systems = (organization: string) =>
  database(map({ autonomous_system_number: number(6, 64_500), autonomous_system_organization: text(organization) }))

/** A line of deploy/nginx/log-format.conf about a webhook that was called without its token. */
const refusal = (remote_addr: string): string =>
  `${JSON.stringify({
    time: new Date().toISOString(),
    remote_addr,
    status: '401',
    upstream_status: '401',
    request: 'POST /hooks/agent HTTP/1.1',
    ssl_protocol: 'TLSv1.3',
    ssl_client_verify: 'NONE',
    server_name: 'openclaw.example.org',
    remote_user: '',
  })}\n`

withCommands('prometheus').describe(
  'a Prometheus with the shipped rules, and an exporter with files about addresses',
  () => {
    let folder: string
    let known: RunningExporter
    let prometheus: Prometheus
    const stops: (() => unknown)[] = []

    const write = async (name: string, content: Buffer | string) => {
      await writeFile(join(folder, `${name}.new`), content)
      await rename(join(folder, `${name}.new`), join(folder, name))
    }

    const start = async (gateway: string, addresses: readonly string[], enrichment: object) => {
      await write(`${gateway}.log`, addresses.map(address => refusal(address).repeat(TIMES)).join(''))
      const source = { type: 'file', name: 'nginx', gateway, paths: [`${gateway}.log`], start_at: 'beginning' }
      // JSON is YAML.
      await write(`${gateway}.yml`, JSON.stringify({ exporter: { sources: [source], enrichment } }))
      const exporter = await startExporter(['--config.file', join(folder, `${gateway}.yml`)])
      stops.push(exporter.stop)
      return exporter
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'clawtrust-enrichment-'))
      stops.push(() => rm(folder, { recursive: true, force: true }))
      await write('country.mmdb', countries('DE'))
      await write('asn.mmdb', systems('Example "Hosting" {{ $value }}\n<!channel> [Inc.](https://evil.example)'))
      await write('drop.txt', `${ATTACKER}\n2001:db8:1::/48\n`)
      await write('scanners.txt', '192.0.2.64/26\n')
      known = await start('gw-known', [ATTACKER, '2001:db8:1:2::a', '2001:db8:1:2::b', '2001:db8:1:2::c'], {
        geoip_file: 'country.mmdb',
        asn_file: 'asn.mmdb',
        threat_lists: [
          { name: 'scanners', file: 'scanners.txt', verdict: 'benign' },
          { name: 'drop', file: 'drop.txt' },
        ],
      })
      const bare = await start('gw-bare', [UNKNOWN], {})
      const targets = [known, bare].map(({ address }) => ({ job: 'clawtrust', address }))
      prometheus = await startPrometheus(targets, { ruleFile, alertmanagers: [] })
      stops.push(prometheus.stop)
    }, 60_000)

    afterAll(async () => {
      for (const stop of stops.toReversed()) await stop()
    })

    /** The alert about an address, once it is as expected. */
    const hasText = (gateway: string, source_ip: string, events: number, sentences: string) => {
      const labels = { gateway, trust_zone: 'data-ingest', source_ip }
      const expected = writtenOut('ClawtrustBruteForce', labels, String(events), [], '', sentences)
      let last: unknown
      return eventually(`the alert about ${source_ip} has its text`, async () => {
        const { data } = (await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as {
          data: { alerts: PrometheusAlert[] }
        }
        last = data.alerts.find(alert => alert.labels.source_ip === source_ip)
        const { annotations = {}, labels: own = {} } = (last ?? {}) as Partial<PrometheusAlert>
        if (annotations.description !== expected.description) throw new Error(JSON.stringify(last))
        return own
      })
    }

    it('says country, autonomous system and threat lists in the text of the alert, and in none of its labels', async () => {
      const labels = await hasText(
        'gw-known',
        ATTACKER,
        TIMES,
        ' GeoIP: country DE, AS64500 (Example Hosting value channel Inc https evil example). Threat lists: drop (malicious), scanners (benign).',
      )
      expect(Object.keys(labels).toSorted()).toEqual(
        ['alertname', 'gateway', 'playbook', 'severity', 'source_ip', 'trust_zone'].toSorted(),
      )
      await hasText('gw-known', NETWORK, 3 * TIMES, ' Threat lists: drop (malicious).')
    }, 60_000)

    it('leaves the text whole where no file is configured', async () => {
      await hasText('gw-bare', UNKNOWN, TIMES, '')
    }, 60_000)

    it('shows them in the table of the dashboard, on the page and in the API', async () => {
      const [panel] = dashboards.flatMap(({ panels }) =>
        panels.filter(({ title }) => title === 'Addresses with the most refusals'),
      )
      const expr = (panel?.queries[0]?.expr ?? '')
        .replaceAll('$__range', '10m')
        .replace(/\$(?:job|gateway|trust_zone)/g, '.*')
      const rows = (await prometheus.query(expr)).filter(({ labels }) => labels.signal === 'auth_failures')
      expect(rows.map(({ labels: { source_ip, country, asn, list } }) => [source_ip, country, asn, list])).toEqual(
        expect.arrayContaining([
          [ATTACKER, 'DE', '64500', 'drop'],
          [NETWORK, undefined, undefined, 'drop'],
          [UNKNOWN, undefined, undefined, undefined],
        ]),
      )
      expect(rows).toHaveLength(3)
      const { offenders } = JSON.parse(await known.text('/api/v1/offenders'))
      expect(offenders).toContainEqual({
        gateway: 'gw-known',
        trust_zone: 'data-ingest',
        source_ip: ATTACKER,
        embedded: null,
        signal: 'auth_failures',
        events: TIMES,
        country: 'DE',
        asn: 64_500,
        as_organization: 'Example Hosting value channel Inc https evil example',
        threat_lists: [
          { list: 'scanners', verdict: 'benign' },
          { list: 'drop', verdict: 'malicious' },
        ],
      })
      const page = await known.text('/')
      expect(page).toContain('AS64500 <bdi class="data">Example Hosting value channel')
      expect(page).toContain('malicious by <bdi class="data">drop</bdi>')
    }, 60_000)

    it('follows a new database, and keeps a list whose new file is an error page, which it reports', async () => {
      await write('drop.txt', '<html>403 Forbidden</html>')
      await write('country.mmdb', countries('FR'))
      await hasText(
        'gw-known',
        ATTACKER,
        TIMES,
        ' GeoIP: country FR, AS64500 (Example Hosting value channel Inc https evil example). Threat lists: drop (malicious), scanners (benign).',
      )
      await prometheus.queryUntil('clawtrust_enrichment_up{kind="threat_list",source="drop"} == 0')
      expect(await prometheus.query('clawtrust_enrichment_up == 1')).toHaveLength(3)
      expect(await known.text('/')).toContain('The threat list drop: the list cannot be read (it is a web page or XML')
    }, 60_000)
  },
)
