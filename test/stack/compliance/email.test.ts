import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from '@jest/globals'
import { reportDestinationSchema } from '../../../compliance/delivery/config.ts'
import type { ReadParcel } from '../../../compliance/delivery/parcel.ts'
import { reportSenders } from '../../../compliance/delivery/senders.ts'
import { redact } from '../../../compliance/model/redact.ts'
import type { Report } from '../../../compliance/model/report.ts'
import type { Delivery } from '../../../service/delivery/outbox.ts'
import { wheelProgram } from '../../../tools/checks/wheels.ts'
import { exampleReport } from '../../compliance/example-report.ts'
import { withCommands } from '../../requirements.ts'
import { type Certificates, makeCertificates } from '../elasticsearch/servers/certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'

const script = fileURLToPath(new URL('./mail-server.py', import.meta.url))
const PDF = Buffer.from('%PDF-1.7 of a test')

interface Mail {
  readonly to: readonly string[]
  readonly tls: boolean
  readonly content: string
}

const { describe, it } = withCommands('aiosmtpd')

describe('a mail server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-mail-'))
  const report = exampleReport() as Report
  let server: RunningProcess
  let certificates: Certificates
  let port: number

  beforeAll(async () => {
    certificates = await makeCertificates(folder)
    port = await freePort()
    writeFileSync(join(folder, 'password'), 'correct horse\n')
    const packages = dirname(dirname(wheelProgram('aiosmtpd')))
    const args = [script, String(port), certificates.certificateFile, certificates.keyFile]
    server = startProcess('python3', args, { env: { ...process.env, PYTHONPATH: packages } })
    await eventually('the mail server listens', async () => server.output().includes('ready') || undefined)
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const read: ReadParcel = async (_folder, isRedacted) => ({
    report: isRedacted ? redact(report) : report,
    manifest: 'a'.repeat(64),
    files: async names =>
      names?.includes('report.pdf') ? [{ name: 'report.pdf', mediaType: 'application/pdf', bytes: PDF }] : [],
  })
  const delivery: Delivery = {
    id: `${report.id}/people`,
    subject: report.id,
    destination: 'people',
    state: 'waiting',
    body: '{"folder":"2026-11"}',
    attempts: 0,
    createdAt: 0,
    nextAt: 0,
    giveUpAt: 0,
    lastError: '',
    answer: '',
  }
  async function send(keys: object, signal = new AbortController().signal) {
    const all = {
      type: 'email',
      name: 'people',
      server: `localhost:${port}`,
      ca_file: certificates.caFile,
      username: 'clawtrust',
      password_file: join(folder, 'password'),
      from: 'clawtrust@example.org',
      to: ['taken@example.org'],
      ...keys,
    }
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    const destination = reportDestinationSchema.parse(given)
    const senders = await reportSenders([destination], { read, environment: {}, fetch })
    return senders.get('people')?.send(delivery, signal)
  }
  /** What the server prints may arrive after its answer, and in parts. */
  const mails = (): readonly Mail[] =>
    server
      .output()
      .split('\n')
      .slice(0, -1)
      .filter(line => line.startsWith('{"from"'))
      .map(line => JSON.parse(line))
  const mailTo = (recipient: string) =>
    eventually(`the mail to ${recipient}`, async () => mails().find(({ to }) => to.includes(recipient)))

  it('gets the mail over STARTTLS, with the PDF, the statuses and the Message-ID of the report', async () => {
    expect(await send({})).toMatchObject({ ok: true })
    const { content, ...mail } = await mailTo('taken@example.org')
    expect(mail).toMatchObject({ to: ['taken@example.org'], tls: true })
    expect(content).toContain(`Message-ID: <${report.id}.people@clawtrust>`)
    expect(content.replaceAll('=\r\n', '')).toContain('Unknown is never a pass')
    expect(content).toContain(PDF.toString('base64'))
    expect(content).toContain(`filename=${report.period.name}-report.pdf`)
    expect(content).not.toMatch(/\b(?:198\.51\.100|203\.0\.113)\.\d+\b/)
  })

  it('is told in the mail what could not be attached', async () => {
    await send({ to: ['attached@example.org'], attach: ['report.pdf', 'controls.csv'] })
    expect((await mailTo('attached@example.org')).content.replaceAll('=\r\n', '')).toContain(
      'Not attached, because the report does not have it: controls.csv.',
    )
  })

  it('that refuses a mailbox for good makes a dead letter, and one that says later is asked again', async () => {
    expect(await send({ to: ['refused@example.org'] })).toMatchObject({
      ok: false,
      retryable: false,
      detail: expect.stringMatching(/^answered 550: .*No such mailbox/),
    })
    const later = { to: ['later@example.org'] }
    expect(await send(later)).toMatchObject({ ok: false, retryable: true, detail: expect.stringContaining('451') })
    expect(await send(later)).toMatchObject({ ok: true })
  })

  it('that takes it for some recipients only is no delivery to the others', async () => {
    const answer = await send({ to: ['taken@example.org', 'refused@example.org'] })
    expect(answer).toMatchObject({ ok: false, retryable: false, detail: 'the server refused 1 of 2 recipients' })
  })

  it('that quotes the password does not get it into the log', async () => {
    const answer = await send({ to: ['quotes@example.org'] })
    expect(answer?.detail).toMatch(/^answered 554/)
    expect(answer?.detail).not.toContain('correct horse')
  })

  it('gets nothing where its certificate is of another authority, or the password is wrong', async () => {
    const to = ['nobody@example.org']
    writeFileSync(join(folder, 'wrong'), 'battery staple\n')
    expect(await send({ to, ca_file: undefined })).toMatchObject({ ok: false, retryable: true })
    const answer = await send({ to, password_file: join(folder, 'wrong') })
    expect(answer).toMatchObject({ ok: false, retryable: false, detail: expect.stringContaining('535') })
    // The server prints in order: what was sent before this one would be there.
    await send({ to: ['afterwards@example.org'] })
    await mailTo('afterwards@example.org')
    expect(mails().filter(mail => mail.to.includes('nobody@example.org'))).toEqual([])
  })

  it('that drips one byte a second for ever is left when the attempt is ended', async () => {
    const sockets: Socket[] = []
    const dripping = createServer(socket => {
      sockets.push(socket)
      socket.on('error', () => {})
      const timer = setInterval(() => socket.write('2'), 100)
      socket.on('close', () => clearInterval(timer))
    })
    const own = await freePort()
    await new Promise<void>(resolve => dripping.listen(own, '127.0.0.1', resolve))
    const answer = await send(
      { server: `127.0.0.1:${own}`, tls: 'none', username: undefined, password_file: undefined, timeout: '1m' },
      AbortSignal.timeout(500),
    )
    expect(answer).toMatchObject({ ok: false, retryable: true })
    await eventually('the connection is closed', async () => sockets.every(({ destroyed }) => destroyed) || undefined)
    dripping.close()
  })
})
