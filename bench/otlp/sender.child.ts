import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { encoded, requestOf, signIn } from '../../test/exporter/sources/otlp/requests.ts'

/** Sends records at a rate; says how many and how long the answers took. An answer that is not 200 is repeated. */
const { url, rate, seconds, encoding, gzip } = JSON.parse(process.argv[2] ?? '{}')

const BATCH = 500
/** Records that were sent and not yet answered: an exporter of a Collector has a queue with an end, too. */
const MAX_WAITING = 100_000
const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf'
const headers = { 'content-type': type, ...(gzip ? { 'content-encoding': 'gzip' } : {}) }

/** When `signIn(0)` happens. */
const BASE_MS = 1_795_392_000_000
const ID = 'event-'
/** How long a batch is sent again, with other ids: to encode each would take more of the machine than to receive it. */
const SAME_MS = 1_000

/** An encoded batch, and where the digits of its ids are. */
interface Batch {
  readonly bytes: Buffer
  readonly digits: number
  readonly places: readonly number[]
}

function batchOf(offset: number): Batch {
  const records = Array.from({ length: BATCH }, (_, index) => signIn(offset + index))
  const bytes = Buffer.from(encoded(requestOf(records), encoding))
  const places: number[] = []
  for (let at = bytes.indexOf(ID); at !== -1; at = bytes.indexOf(ID, at + 1)) places.push(at + ID.length)
  if (places.length !== BATCH) throw new Error(`${places.length} ids in ${BATCH} records`)
  return { bytes, digits: String(offset).length, places }
}

/** A copy with ids that no batch before had. */
function withNewIds({ bytes, digits, places }: Batch): Buffer {
  const copy = Buffer.from(bytes)
  for (const place of places) {
    number += 1
    copy.write(String(number).padStart(digits, '0'), place, 'latin1')
  }
  return copy
}

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
let batch: Batch | undefined
let encodedUntil = 0
while (performance.now() - begun < seconds * 1000) {
  const due = ((performance.now() - begun) / 1000) * rate
  if (number + BATCH > due || number - answered >= MAX_WAITING) {
    await pause(10)
    continue
  }
  if (batch === undefined || performance.now() >= encodedUntil) {
    encodedUntil = performance.now() + SAME_MS
    batch = batchOf(Date.now() - BASE_MS)
  }
  const whole = withNewIds(batch)
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
