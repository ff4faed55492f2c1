import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { collector } from '../../../tools/components/collector.ts'
import { fetchedProgram } from '../../../tools/components/components.ts'
import { encoded, requestOf, signIn } from '../../exporter/sources/otlp/requests.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'
import { createReceivingExporter, type ReceivingExporter, TOKEN } from './receiving-exporter.ts'

const program = fetchedProgram(collector, 'otelcol')
const SIGN_INS = /^clawtrust_auth_successes_total\{gateway="gw-1".*\} (\d+)$/m

function describeWithCollector(title: string, body: (program: string) => void): void {
  if (program !== undefined) describe(title, () => body(program))
  else it.skip(`${title} [skipped: npm run fetch:components builds the Collector]`, () => {})
}

describeWithCollector('an OpenTelemetry Collector that sends to two replicas, as docs/sources.md says', otelcol => {
  let folder: string
  let port: number
  let running: RunningProcess | undefined
  const replicas: ReceivingExporter[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clawtrust-otelcol-'))
    replicas.push(await createReceivingExporter(), await createReceivingExporter())
    await Promise.all(replicas.map(replica => replica.start()))
    port = await freePort()
    const [a, b] = replicas.map(({ address }) => ({
      logs_endpoint: `http://${address}/v1/logs`,
      auth: { authenticator: 'bearertokenauth' },
      retry_on_failure: { initial_interval: '200ms', max_interval: '1s', max_elapsed_time: '2m' },
    }))
    await writeFile(join(folder, 'token'), TOKEN)
    const config = {
      extensions: { bearertokenauth: { filename: join(folder, 'token') } },
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      exporters: { 'otlp_http/a': a, 'otlp_http/b': { ...b, compression: 'none' } },
      service: {
        extensions: ['bearertokenauth'],
        telemetry: { metrics: { level: 'none' } },
        pipelines: { logs: { receivers: ['otlp'], exporters: ['otlp_http/a', 'otlp_http/b'] } },
      },
    }
    // JSON is YAML.
    await writeFile(join(folder, 'config.yaml'), JSON.stringify(config))
    running = startProcess(otelcol, ['--config', join(folder, 'config.yaml')], { cwd: folder })
    await eventually('the Collector answers', async () => (await send(0)) === 200 || undefined, { by: running })
  }, 60_000)
  afterAll(async () => {
    await running?.stop()
    await Promise.all(replicas.map(replica => replica.remove()))
    await rm(folder, { recursive: true, force: true })
  })

  /** Sends so many sign-ins to the Collector. */
  let number = 0
  async function send(records: number): Promise<number> {
    const body = encoded(
      requestOf(
        Array.from({ length: records }, () => {
          number += 1
          return signIn(Date.now() - 1_795_392_000_000 + number)
        }),
      ),
      'protobuf',
    )
    const headers = { 'content-type': 'application/x-protobuf' }
    return (await fetch(`http://127.0.0.1:${port}/v1/logs`, { method: 'POST', body, headers })).status
  }

  it('brings each record to both, once, also to the one that is killed meanwhile', async () => {
    const [first, second] = replicas as [ReceivingExporter, ReceivingExporter]
    await send(300)
    await second.kill()
    await send(200)
    await second.start()
    await send(100)
    for (const replica of [first, second])
      await eventually(
        '600 are counted',
        async () => (await replica.metric(SIGN_INS)) === 600 || undefined,
        running && { by: running },
      )
  }, 90_000)
})
