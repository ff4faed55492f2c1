import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type ComplianceConfig, complianceSchema } from '../../../compliance/config.ts'
import { reportSenders } from '../../../compliance/delivery/senders.ts'
import { parcelReader } from '../../../compliance/parcels.ts'
import { type ProducedReport, produce } from '../../../compliance/produce.ts'
import { periodNamed } from '../../../compliance/schedule/periods.ts'
import type { Delivery } from '../../../service/delivery/outbox.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { databaseFolder } from '../../database-folder.ts'
import { type ComplianceInput, demoProduction, HandClock, removeFolders, reportFolder } from '../made-reports.ts'

const logger = createLogger({ destination: { write: () => true } })
const printing = { path: '', temporaryFolder: '/nonexistent', isRoot: false }
const { signal } = new AbortController()

let original: string
let folder: string
let share: string
let made: ProducedReport
beforeAll(async () => {
  original = mkdtempSync(join(databaseFolder(), 'clawtrust-reports-'))
  const clock = new HandClock('2026-11-01T06:00:00Z')
  const period = periodNamed('2026-10', 'UTC')
  if (period === undefined) throw new TypeError('2026-10')
  made = await produce(period, await demoProduction({ output_dir: original }, clock), signal)
})
beforeEach(() => {
  folder = reportFolder()
  share = reportFolder()
  cpSync(original, folder, { recursive: true })
})
afterEach(removeFolders)
afterAll(() => rmSync(original, { recursive: true, force: true }))

/** The copy of the report that a test may change. */
const copied = () => join(folder, basename(made.folder))

const deliveryOf = (differences: Partial<Delivery> = {}): Delivery => ({
  id: `${made.report.id}/people`,
  subject: made.report.id,
  destination: 'people',
  state: 'waiting',
  body: JSON.stringify({ folder: basename(made.folder) }),
  attempts: 0,
  createdAt: 0,
  nextAt: 0,
  giveUpAt: 0,
  lastError: '',
  answer: '',
  ...differences,
})

async function send(destination: object, fetched: typeof fetch = fetch, delivery = deliveryOf()) {
  const destinations = [{ name: 'people', ...destination }] as ComplianceInput['destinations']
  const config: ComplianceConfig = complianceSchema.parse({
    output_dir: folder,
    formats: ['html', 'json', 'csv'],
    destinations,
  })
  const read = parcelReader(config, { printing, logger })
  const senders = await reportSenders(config.destinations, { read, environment: {}, fetch: fetched })
  return senders.get('people')?.send(delivery, signal)
}

describe('a destination of type folder', () => {
  it('gets the whole report once, with its manifest', async () => {
    const first = await send({ type: 'folder', path: share })
    expect(first).toMatchObject({ ok: true, reference: expect.stringMatching(/^2026-10-[0-9a-f]{12}$/) })
    expect(await send({ type: 'folder', path: share })).toMatchObject({ ok: true })
    const [name = ''] = readdirSync(share)
    expect(readdirSync(share)).toHaveLength(1)
    expect(readdirSync(join(share, name)).sort()).toEqual(readdirSync(copied()).sort())
    for (const file of readdirSync(copied()))
      expect(readFileSync(join(share, name, file))).toEqual(readFileSync(join(copied(), file)))
  })

  it('gets it redacted where that is configured: no address, no manifest of another report', async () => {
    await send({ type: 'folder', path: share, redact: true })
    const [name = ''] = readdirSync(share)
    expect(name).toMatch(/-redacted$/)
    expect(readdirSync(join(share, name)).sort()).toEqual(['controls.csv', 'report.html', 'report.json'])
    const text = readFileSync(join(share, name, 'report.json'), 'utf8')
    expect(text).toContain('[redacted]')
    expect(text).not.toMatch(/\b(?:198\.51\.100|203\.0\.113|10\.\d+\.\d+)\.\d+/)
  })

  it('is tried again while its share is not mounted, and no folder is made in its place', async () => {
    const path = join(share, 'not-mounted')
    expect(await send({ type: 'folder', path })).toMatchObject({ ok: false, retryable: true })
    expect(readdirSync(share)).toEqual([])
  })

  it('removes what a process that was killed had begun', async () => {
    await send({ type: 'folder', path: share })
    const [name = ''] = readdirSync(share)
    const other = reportFolder()
    mkdirSync(join(other, `.${name}-0badcafe`))
    await send({ type: 'folder', path: other })
    expect(readdirSync(other)).toEqual([name])
  })
})

describe('a report', () => {
  it.each(['report.json', 'report.html'])('of which %s was changed is delivered to nobody', async file => {
    const path = join(copied(), file)
    writeFileSync(path, readFileSync(path, 'utf8').replace('Zero-trust report', 'Zero-doubt report'))
    const answer = await send({ type: 'folder', path: share })
    expect(answer).toMatchObject({ ok: false, retryable: false, detail: expect.stringContaining(`${file} of 2026-10`) })
    expect(readdirSync(share)).toEqual([])
  })

  it('is not delivered in the place of another one, or of a damaged row', async () => {
    const other = deliveryOf({ subject: 'another' })
    expect(await send({ type: 'folder', path: share }, fetch, other)).toMatchObject({ ok: false, retryable: false })
    expect(await send({ type: 'folder', path: share }, fetch, deliveryOf({ body: '{' }))).toBeUndefined()
  })

  it('is read from its own folder only, whatever the row says', async () => {
    const secret = reportFolder()
    writeFileSync(join(secret, 'manifest.json'), '{}')
    const row = deliveryOf({ body: JSON.stringify({ folder: `../${basename(secret)}` }) })
    const answer = await send({ type: 'folder', path: share }, fetch, row)
    expect(answer).toMatchObject({ ok: false })
    expect(readdirSync(share)).toEqual([])
  })
})

describe('a destination of type request', () => {
  it.each(['report-slack', 'report-webhook'])(
    'gets figures by the template %s, and no address, also when nothing happened',
    async template => {
      const bodies: string[] = []
      const fetched = (async (_url: unknown, init: RequestInit) => {
        bodies.push(String(init.body))
        return new Response('ok')
      }) as typeof fetch
      const destination = { type: 'request', template, url: 'https://hooks.example/services/T000/B000/a-long-secret' }
      expect(await send(destination, fetched)).toMatchObject({ ok: true })
      expect(bodies).toHaveLength(1)
      expect(JSON.parse(bodies[0] ?? '')).toBeDefined()
      expect(bodies[0]).toContain('2026-10')
      expect(bodies[0]).not.toMatch(/\d+\.\d+\.\d+\.\d+/)
    },
  )

  it('whose receiver quotes its secret address says nothing of it', async () => {
    const url = 'https://hooks.example/services/T000/B000/a-long-secret'
    const fetched = (async () => new Response(`no such hook: ${url}`, { status: 404 })) as unknown as typeof fetch
    const answer = await send({ type: 'request', template: 'report-slack', url }, fetched)
    expect(answer).toMatchObject({ ok: false, retryable: false, detail: expect.stringContaining('answered 404') })
    expect(answer?.detail).not.toContain('a-long-secret')
  })
})
