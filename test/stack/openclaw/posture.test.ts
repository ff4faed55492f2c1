import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { createSource, sourceSchema } from '../../../exporter/sources/registry.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { bench, source as pipelineSource, total } from '../../exporter/pipeline/fixtures.ts'
import { installOpenclaw } from './installation.ts'

const TOKEN = 'only-for-tests-3Kd-long-enough-for-it'
const good = { gateway: { mode: 'local', auth: { mode: 'token', token: TOKEN } } }
const bad = {
  gateway: {
    mode: 'local',
    bind: 'lan',
    auth: { mode: 'none' },
    controlUi: { dangerouslyAllowHostHeaderOriginFallback: true },
  },
}

describe('the posture of a real OpenClaw', () => {
  let home = ''
  let program = ''
  beforeAll(async () => {
    program = join(await installOpenclaw(), 'node_modules/openclaw/openclaw.mjs')
    home = await mkdtemp(join(tmpdir(), 'clawtrust-posture-'))
    await mkdir(join(home, '.openclaw'), { mode: 0o700 })
  }, 600_000)
  afterAll(() => rm(home, { recursive: true, force: true }))

  /** With a log of its own: the one by default is what an exporter without configuration reads. */
  async function configure(configuration: object): Promise<void> {
    const path = join(home, '.openclaw/openclaw.json')
    await writeFile(path, JSON.stringify({ logging: { file: join(home, 'openclaw.log') }, ...configuration }))
    await chmod(path, 0o600)
  }

  /** One run of the source, from its beginning. */
  async function readOnce() {
    const config = sourceSchema.parse({
      type: 'posture',
      name: 'log',
      gateway: 'gw-1',
      command: [process.execPath, program, 'security', 'audit', '--json'],
      environment: { HOME: home, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
    })
    const source = await createSource(config, {
      clock: systemClock,
      logger: createLogger({ level: 'error' }),
      wanted: [],
    })
    const abort = new AbortController()
    for await (const batch of source.read({ cursor: new Map(), signal: abort.signal })) {
      abort.abort()
      return { batch, health: source.health() }
    }
    throw new Error('the source gave no batch')
  }

  it('is read by its audit: compliant at first, then vulnerable', async () => {
    const { pipeline, clock, store } = bench({
      dispatcher: createDispatcher(dialects),
      sources: [pipelineSource('log')],
    })
    const openChecks = () => {
      const [held] = [...pipeline.view.posture.subjects]
      return held?.snapshots.get('openclaw-audit')?.findings.map(({ check }) => check)
    }
    const read = async () => {
      const { batch, health } = await readOnce()
      clock.time = batch.watermark + 60_000
      pipeline.ingest('log', batch)
      return health
    }
    await configure(good)
    expect(await read()).toMatchObject({ up: true })
    expect(openChecks()).toEqual(['summary.attack_surface', 'gateway.trusted_proxies_missing'])

    await configure(bad)
    await read()
    expect(openChecks()).toEqual(
      expect.arrayContaining([
        'gateway.bind_no_auth',
        'gateway.control_ui.host_header_origin_fallback',
        'config.insecure_or_dangerous_flags',
      ]),
    )
    expect(total(store, 'clawtrust_posture_drifts_total', 'exposure_finding', 'critical')).toBeGreaterThanOrEqual(2)
    expect(total(store, 'clawtrust_posture_drifts_total', 'finding_closed')).toBe(1)
  }, 300_000)
})
