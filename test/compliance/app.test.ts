import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createCompliance, type LoadedCompliance } from '../../compliance/app.ts'
import type { Service } from '../../service/app/service.ts'
import { createLogger } from '../../service/log/logger.ts'
import { HandClock, Receiver, removeFolders, reportFolder, testRunner } from './made-reports.ts'

const NEVER = new AbortController().signal

describe('the service of reports', () => {
  const folder = reportFolder()
  const clock = new HandClock('2026-11-01T06:00:30Z')
  const receiver = new Receiver()
  const log: string[] = []
  let frameworks = ['nist-sp-800-207']
  let isRefused = false
  let service: Service
  let url: string

  const load = async (): Promise<LoadedCompliance> => {
    if (isRefused) throw new Error('refused')
    const { options } = await testRunner(folder, clock, receiver)
    const config = { ...options.production.config, listen_address: { host: '127.0.0.1', port: 0 } as never, frameworks }
    return {
      config: { compliance: config },
      prepare: async metrics => ({ ...options, production: { ...options.production, config }, metrics }),
    }
  }

  beforeAll(async () => {
    const logger = createLogger({ destination: { write: line => log.push(line) } })
    service = createCompliance(await load(), {
      version: '0.0.0',
      logger,
      allowUnauthenticated: false,
      loadConfig: load,
      clock,
      environment: {},
    })
    url = (await service.start()).url
    for (let attempt = 0; !existsSync(join(folder, '2026-10', 'manifest.json')) && attempt < 600; attempt++)
      await new Promise(resolve => setTimeout(resolve, 50))
    for (let attempt = 0; receiver.got.length === 0 && attempt < 200; attempt++)
      await new Promise(resolve => setTimeout(resolve, 50))
  }, 60_000)
  afterAll(async () => {
    await service.stop()
    removeFolders()
  })

  const get = (path: string) => fetch(new URL(path, url), { signal: NEVER })
  /** As it is written: `fetch` would resolve the dots. */
  const status = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(url)
      request({ hostname, port, path }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })

  it('has made and delivered what was due, and shows it on its page', async () => {
    expect(receiver.got).toHaveLength(1)
    const page = await (await get('/')).text()
    expect(page).toContain('2026-10')
    expect(page).toContain('/reports/2026-10/report.html')
    expect(page).toContain('No report is due.')
  })

  it('serves the files of a report, each as what it is, without scripts and from nowhere else', async () => {
    const html = await get('/reports/2026-10/report.html')
    expect(html.status).toBe(200)
    expect(html.headers.get('content-type')).toMatch(/^text\/html/)
    expect(html.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/)
    expect(html.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await get('/reports/2026-10/report.json')).headers.get('content-type')).toMatch(/^application\/json/)
  })

  it.each([
    '/reports/2026-10/..%2f..%2fetc%2fpasswd',
    '/reports/..%2f2026-10/report.html',
    '/reports/2026-10/../../../etc/passwd',
    '/reports/.service/deliveries.db',
    '/reports/.service/owner.lock',
    '/reports/%2e%2e/report.html',
    '/reports/2026-10/%00report.html',
    '/reports/2026-10/manifest.sig',
    '/reports/2026-10/other.html',
    '/reports/2026-09/report.html',
    '/reports/__proto__/report.html',
  ])('serves nothing at %s', async path => {
    expect(await status(path)).toBe(404)
  })

  it('serves no file that was put into the folder of a report, and no link', async () => {
    writeFileSync(join(folder, '2026-10', 'stranger.html'), 'x')
    symlinkSync('/etc/passwd', join(folder, '2026-10', 'link.html'))
    expect([await status('/reports/2026-10/stranger.html'), await status('/reports/2026-10/link.html')]).toEqual([
      404, 404,
    ])
  })

  it('exposes what the newest report says', async () => {
    const text = await (await get('/metrics')).text()
    const samples = text.split('\n').filter(line => line.startsWith('clawtrust_compliance_'))
    for (const name of ['controls', 'report_timestamp_seconds', 'report_duration_seconds', 'coverage_ratio'])
      expect(samples.some(line => line.startsWith(`clawtrust_compliance_${name}`))).toBe(true)
    expect(samples).toContain('clawtrust_compliance_reports_total{result="made"} 1')
    expect(samples).toContain('clawtrust_compliance_report_due_timestamp_seconds 0')
    expect(samples).toContain('clawtrust_compliance_pending_deliveries{state="waiting"} 0')
  })

  it('is ready, takes a new configuration, and keeps the old one where the new one is refused', async () => {
    expect(await status('/-/ready')).toBe(200)
    frameworks = ['nist-sp-800-207', 'cisa-ztmm-2']
    await service.reload()
    isRefused = true
    await expect(service.reload()).rejects.toThrow('refused')
    isRefused = false
    expect(await status('/reports/2026-10/report.html')).toBe(200)
    expect(log.join('')).toContain('Configuration reloaded')
  })
})
