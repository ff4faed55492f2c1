import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../test/stack/servers/process.ts'
import { report } from '../metrics/report.ts'
import { scrape } from '../metrics/scrape.ts'
import { appendFlood, writeFleet } from './log.ts'
import { WatchedExporter } from './watched-exporter.ts'

/**
 * `node bench/gateways/main.ts [--gateways 5000] [--names 150000] [--against CHECKOUT] [--flags="…"] [--out FILE]`: how long the
 * page and /metrics take where thousands of gateways are followed, how long the event loop is held meanwhile, and what
 * is left of it after lines under so many made-up names. The exporter reads a real log of 13 hours. `--against` measures
 * another checkout beside this one.
 */

const { values } = parseArgs({
  options: {
    gateways: { type: 'string', default: '5000' },
    names: { type: 'string', default: '150000' },
    against: { type: 'string' },
    flags: { type: 'string', default: '' },
    seconds: { type: 'string', default: '15' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/gateways.json', import.meta.url)) },
  },
})

const here = fileURLToPath(new URL('../../', import.meta.url))
const IDENTITY = { 'accept-encoding': 'identity' }
const GZIP = { 'accept-encoding': 'gzip' }
const MAX_REQUESTS = 50
const PAUSE_MS = 100

const phases = [
  { name: 'no request', path: undefined, headers: IDENTITY },
  { name: 'GET /', path: '', headers: IDENTITY },
  { name: 'GET /metrics', path: 'metrics', headers: IDENTITY },
  { name: 'GET /metrics, gzip', path: 'metrics', headers: GZIP },
] as const

async function measure(exporter: WatchedExporter, side: string, held: string) {
  const rows = []
  let quietShare = 0
  for (const { name, path, headers } of phases) {
    const times: number[] = []
    let bytes = 0
    const watched = await exporter.watch(async () => {
      const end = performance.now() + Number(values.seconds) * 1000
      while (performance.now() < end && times.length < MAX_REQUESTS) {
        await pause(path === undefined ? 1_000 : PAUSE_MS)
        if (path === undefined) continue
        const answer = await scrape(exporter.url + path, headers)
        times.push(answer.ms)
        bytes = answer.bytes
      }
    })
    times.sort((one, other) => one - other)
    const at = (share: number) => round(times[Math.ceil(share * times.length) - 1] ?? Number.NaN)
    const { longestHoldMs, longestHoldCpuMs, cpuMs, seconds, residentMb, heapMb, externalMb } = watched
    if (path === undefined) quietShare = cpuMs / seconds
    rows.push({
      case: `${side}, ${held}: ${name}`,
      requests: times.length,
      kB: Math.round(bytes / 1000),
      'p50 ms': at(0.5),
      'at most ms': at(1),
      'CPU ms each': round((cpuMs - quietShare * seconds) / times.length),
      'longest hold ms': round(longestHoldMs),
      'of it CPU': round(longestHoldCpuMs),
      'resident MB': residentMb,
      'heap MB': heapMb,
      'buffers MB': externalMb,
    })
  }
  console.table(rows)
  return rows
}

async function measureSide(side: string, root: string) {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-gateways-'))
  try {
    const log = join(folder, 'openclaw.log')
    const [gateways, names] = [Number(values.gateways), Number(values.names)]
    const events = await writeFleet({ path: log, gateways, now: Date.now() })
    const flags = values.flags.split(' ').filter(flag => flag !== '')
    const exporter = await WatchedExporter.start({
      root,
      folder,
      source: { paths: [log] },
      port: await freePort(),
      flags,
    })
    try {
      await exporter.whenCounted(events)
      const rows = [...(await measure(exporter, side, `${gateways} gateways`))]
      if (names > 0) {
        const made = await appendFlood({ path: log, gateways: names, now: Date.now() })
        await exporter.whenCounted(events + made)
        rows.push(...(await measure(exporter, side, `and ${names} names`)))
      }
      return [...rows, { case: `${side}: resident at most since the start`, 'resident MB': exporter.peakMb }]
    } finally {
      await exporter.stop()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const round = (ms: number) => Math.round(ms * 10) / 10

const rows = []
if (values.against !== undefined) rows.push(...(await measureSide('before', resolve(values.against))))
rows.push(...(await measureSide('now', here)))
report(values.out, rows)
process.exit()
