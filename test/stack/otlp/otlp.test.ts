import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { encoded, requestOf, signIn } from '../../exporter/sources/otlp/requests.ts'
import { answersAt } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const TOKEN = 'the-token-of-the-sender'
const KILLS = 4
const SENDERS = 4

let folder: string
let address: string
let exporter: RunningProcess | undefined

async function start(): Promise<void> {
  exporter = startProcess(process.execPath, [main, 'exporter'], { cwd: folder })
  await answersAt(`http://${address}/-/healthy`, exporter)
}

async function kill(): Promise<void> {
  exporter?.signal('SIGKILL')
  await exporter?.drained()
}

async function metric(pattern: RegExp): Promise<number> {
  const text = await (await fetch(`http://${address}/metrics`)).text()
  return Number(pattern.exec(text)?.[1] ?? Number.NaN)
}

const SIGN_INS = /^clawtrust_auth_successes_total\{gateway="gw-1".*\} (\d+)$/m
const REPEATED = /^clawtrust_duplicate_events_total\{source="senders"\} (\d+)$/m

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawtrust-otlp-'))
  address = `127.0.0.1:${await freePort()}`
  await writeFile(
    join(folder, 'clawtrust.yml'),
    `exporter: {listen_address: '${address}', sources: [{type: otlp, name: senders}]}
web: {roles: {deliver: {bearer_token: ${TOKEN}}, scrape: {anyone: true}, view: {anyone: true}}}
`,
  )
})
afterAll(async () => {
  await exporter?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('an exporter to which senders deliver by OTLP', () => {
  it(`counts each record once after ${KILLS} times kill -9, where senders repeat until they are answered by 200`, async () => {
    const begun = Date.now() - 1_795_392_000_000
    const [state, sent] = [{ isOver: false }, { requests: 0, records: 0 }]
    const send = async () => {
      while (!state.isOver) {
        sent.requests += 1
        const size = 1 + Math.floor(Math.random() * 400)
        const records = Array.from({ length: size }, () => {
          sent.records += 1
          return signIn(begun + sent.records)
        })
        const encoding = sent.requests % 2 === 0 ? 'json' : 'protobuf'
        const request = {
          method: 'POST',
          body: encoded(requestOf(records), encoding),
          headers: {
            authorization: `Bearer ${TOKEN}`,
            'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
          },
        }
        while ((await fetch(`http://${address}/v1/logs`, request).catch(() => undefined))?.status !== 200)
          await pause(20 + Math.random() * 100)
      }
    }
    await start()
    const senders = Array.from({ length: SENDERS }, send)
    let exposed = 0
    for (let killed = 0; killed < KILLS; killed++) {
      await pause(300 + Math.random() * 1_500)
      const before = (await metric(SIGN_INS)) || 0
      expect(before).toBeGreaterThanOrEqual(exposed)
      exposed = before
      await kill()
      await start()
    }
    state.isOver = true
    await Promise.all(senders)
    expect(await metric(SIGN_INS)).toBe(sent.records)
    // The test is about something: answers were lost.
    expect(await metric(REPEATED)).toBeGreaterThanOrEqual(0)
  }, 120_000)
})
