import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { encoded, requestOf, signIn } from '../../exporter/sources/otlp/requests.ts'
import { createReceivingExporter, type ReceivingExporter, TOKEN } from './receiving-exporter.ts'

const KILLS = 4
const SENDERS = 4

const SIGN_INS = /^clawtrust_auth_successes_total\{gateway="gw-1".*\} (\d+)$/m
let exporter: ReceivingExporter
beforeAll(async () => {
  exporter = await createReceivingExporter()
})
afterAll(() => exporter.remove())

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
        while ((await fetch(`http://${exporter.address}/v1/logs`, request).catch(() => undefined))?.status !== 200)
          await pause(20 + Math.random() * 100)
      }
    }
    await exporter.start()
    const senders = Array.from({ length: SENDERS }, send)
    let exposed = 0
    for (let killed = 0; killed < KILLS; killed++) {
      await pause(300 + Math.random() * 1_500)
      const before = (await exporter.metric(SIGN_INS)) || 0
      expect(before).toBeGreaterThanOrEqual(exposed)
      exposed = before
      await exporter.kill()
      await exporter.start()
    }
    state.isOver = true
    await Promise.all(senders)
    expect(await exporter.metric(SIGN_INS)).toBe(sent.records)
  }, 120_000)
})
