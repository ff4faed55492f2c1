import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { encoded, requestOf, signIn } from '../../test/exporter/sources/otlp/requests.ts'

/** Sends records at a rate; says how many and how long the answers took. An answer that is not 200 is repeated. */
const { url, rate, seconds, encoding, gzip } = JSON.parse(process.argv[2] ?? '{}')

const BATCH = 500
const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf'
const headers = { 'content-type': type, ...(gzip ? { 'content-encoding': 'gzip' } : {}) }

const now = BigInt(Date.now()) * 1_000_000n
const base = 1_795_392_000_000_000_000n
const offset = Number((now - base) / 1_000_000n)
let [number, answered, repeats, bytes] = [0, 0, 0, 0]
const times: number[] = []

async function deliver(body: Uint8Array): Promise<void> {
  const begun = performance.now()
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
    await response?.arrayBuffer().catch(() => undefined)
    if (response?.status === 200) break
    repeats += 1
    await pause(500)
  }
  times.push(performance.now() - begun)
  answered += BATCH
}

const begun = performance.now()
const deliveries: Promise<void>[] = []
while (performance.now() - begun < seconds * 1000) {
  const due = ((performance.now() - begun) / 1000) * rate
  if (number + BATCH > due) {
    await pause(10)
    continue
  }
  const records = Array.from({ length: BATCH }, () => {
    number += 1
    return signIn(offset + number)
  })
  const whole = encoded(requestOf(records), encoding)
  const body = gzip ? gzipSync(whole, { level: 1 }) : whole
  bytes += body.length
  deliveries.push(deliver(body))
}
const took = (performance.now() - begun) / 1000
await Promise.all(deliveries)
times.sort((one, other) => one - other)
const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1] ?? Number.NaN)
console.log(
  JSON.stringify({
    sent: number,
    answered,
    'records a second': Math.round(number / took),
    'bytes of a record': Math.round(bytes / number),
    'repeated requests': repeats,
    'answer p50 ms': at(0.5),
    'answer p99 ms': at(0.99),
  }),
)
