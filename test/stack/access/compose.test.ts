import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { initSecrets } from '../../../cli/deploy-init.ts'
import { withCommands } from '../../requirements.ts'
import { type Alertmanager, startAlertmanagerIn } from '../servers/alertmanager.ts'
import { clawtrust } from '../servers/clawtrust.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningExporter, startExporter } from '../servers/exporter.ts'
import { type Prometheus, startConfiguredPrometheus } from '../servers/prometheus.ts'
import { type RunningRemediation, startRemediationProcess } from '../servers/remediation.ts'

const shipped = async (file: string) => readFile(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8')
const SECRETS = '/run/secrets'
/** The names of the containers, and one that is none of theirs. */
const HOSTS = ['exporter', 'remediation', 'alertmanager', 'rebound.example'].map(name => `127.0.0.1 ${name}`).join('\n')

interface Target {
  readonly scrapePool: string
  readonly health: string
  readonly lastError: string
}

withCommands('prometheus', 'prometheus-alertmanager').describe(
  'the configurations of Docker Compose, with ports and folders of the test',
  () => {
    let folder: string
    let exporter: RunningExporter
    let remediation: RunningRemediation
    let alertmanager: Alertmanager
    let prometheus: Prometheus

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'clawtrust-compose-'))
      await initSecrets(folder, false)
      const configured = async (file: string) => parse((await shipped(`clawtrust/${file}`)).replaceAll(SECRETS, folder))
      const reading = await configured('clawtrust.yml')
      reading.exporter.sources = [{ type: 'file', name: 'openclaw', paths: ['*.log'] }]
      await writeFile(join(folder, 'exporter.yml'), JSON.stringify(reading))
      exporter = await startExporter(['--config.file', join(folder, 'exporter.yml')])
      const acting = await configured('remediation.yml')
      acting.remediation.listen_address = '127.0.0.1:0'
      await writeFile(join(folder, 'clawtrust.yml'), JSON.stringify(acting))
      remediation = await startRemediationProcess(folder)
      const ports = { exporter: new URL(`http://${exporter.address}`).port, remediation: new URL(remediation.url).port }
      const ours = (text: string) =>
        text
          .replaceAll(SECRETS, folder)
          .replaceAll('exporter:9847', `exporter:${ports.exporter}`)
          .replaceAll('remediation:9848', `remediation:${ports.remediation}`)

      const alerting = await mkdtemp(join(tmpdir(), 'clawtrust-compose-'))
      await writeFile(join(alerting, 'alertmanager.yml'), ours(await shipped('alertmanager/alertmanager.yml')))
      alertmanager = await startAlertmanagerIn(alerting, HOSTS)
      const scraping = parse(
        ours(await shipped('prometheus/prometheus.yml'))
          .replaceAll('15s', '1s')
          .replaceAll('alertmanager:9093', new URL(alertmanager.url).host),
      )
      const target = (job_name: string, host: string, more = {}) => ({
        job_name,
        static_configs: [{ targets: [`${host}:${ports.exporter}`] }],
        ...more,
      })
      prometheus = await startConfiguredPrometheus(
        {
          ...scraping,
          rule_files: [],
          scrape_configs: [
            ...scraping.scrape_configs,
            target('without-token', 'exporter'),
            target('wrong-token', 'exporter', { authorization: { credentials: 'guessed' } }),
            target('rebound', 'rebound.example'),
          ],
        },
        { hosts: HOSTS },
      )
    }, 90_000)

    afterAll(async () => {
      await prometheus?.stop()
      await alertmanager?.stop()
      await remediation?.stop()
      await exporter?.stop()
      await rm(folder, { recursive: true, force: true })
    }, 60_000)

    it('let Prometheus scrape the services by their names, with its token', async () => {
      await prometheus.queryUntil('count(up{job=~"clawtrust.*"} == 1) == 2')
    }, 60_000)

    it.each([
      ['without-token', '401'],
      ['wrong-token', '401'],
      ['rebound', '421'],
    ])('refuse a scrape %s with the status %s', async (job, status) => {
      const target = await eventually('it has been scraped', async () => {
        const found = (await targets(prometheus)).find(({ scrapePool }) => scrapePool === job)
        return found?.health === 'unknown' ? undefined : found
      })
      expect(target).toMatchObject({ health: 'down', lastError: expect.stringContaining(`HTTP status ${status}`) })
    })

    it('let Alertmanager deliver by the name of remediation, with its token', async () => {
      const labels = { alertname: 'ClawtrustBruteForce', playbook: 'brute-force', source_ip: '203.0.113.9' }
      await alertmanager.post([{ labels }])
      await eventually('the incident is recorded', async () => {
        const { output } = await clawtrust(folder, ['remediation', 'list'])
        return output.includes('203.0.113.9') || undefined
      })
    }, 60_000)
  },
)

async function targets({ url }: Prometheus): Promise<readonly Target[]> {
  const { data } = (await (await fetch(`${url}/api/v1/targets?state=active`)).json()) as {
    data: { activeTargets: Target[] }
  }
  return data.activeTargets
}
