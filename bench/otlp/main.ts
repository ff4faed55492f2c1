import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../test/stack/servers/process.ts'
import { build, demand, PROGRAM } from '../needs.ts'

/**
 * `node bench/otlp/main.ts [--rate 10000] [--seconds 60] [--encoding protobuf|json] [--gzip] [--program FILE]`, after `npm run build`: the
 * CPU that the exporter takes for log records by OTLP, which a process of its own sends in batches of 500, the next ones
 * before the first are answered. Every record is a security event of OpenClaw with 10 attributes; every one must count, once.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    encoding: { type: 'string', default: 'protobuf' },
    gzip: { type: 'boolean', default: false },
    program: { type: 'string', default: PROGRAM },
  },
})
demand(build(values.program))

const WARM_UP_SECONDS = 10
/** Ticks a second in /proc/PID/stat: fixed to 100 on Linux. */
const TICKS = 100

const folder = await mkdtemp(join(tmpdir(), 'clawtrust-bench-'))
const address = `127.0.0.1:${await freePort()}`
await writeFile(
  join(folder, 'clawtrust.yml'),
  `exporter: {listen_address: '${address}', sources: [{type: otlp, name: otlp, horizon: 5m}]}\n`,
)
const exporter = spawn(process.execPath, ['--max-semi-space-size=8', values.program, 'exporter'], {
  cwd: folder,
  stdio: 'ignore',
})
const metrics = async () => (await fetch(`http://${address}/metrics`)).text()
while (exporter.exitCode === null && !(await metrics().catch(() => ''))) await pause(50)
if (exporter.exitCode !== null) throw new Error(`the exporter ended with ${exporter.exitCode}`)

const sender = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('./sender.child.ts', import.meta.url)),
    JSON.stringify({
      url: `http://${address}/v1/logs`,
      rate: Number(values.rate),
      seconds: WARM_UP_SECONDS + Number(values.seconds),
      encoding: values.encoding,
      gzip: values.gzip,
    }),
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
let said = ''
sender.stdout.on('data', chunk => {
  said += chunk
})
const ended = once(sender, 'close')

await pause(WARM_UP_SECONDS * 1000)
const [before, begun] = [cpuSeconds(exporter.pid), performance.now()]
await pause(Number(values.seconds) * 1000 - 500)
const [after, seconds] = [cpuSeconds(exporter.pid), (performance.now() - begun) / 1000]
const resident = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${exporter.pid}/status`, 'utf8'))?.[1]
await ended
const { sent, answered, ...sending } = JSON.parse(said)
const counted = Number(/^clawtrust_events_total\{.*decoder="security-event".*\} (\d+)$/m.exec(await metrics())?.[1])
exporter.kill('SIGTERM')
await once(exporter, 'close')
await rm(folder, { recursive: true, force: true })
console.log(
  JSON.stringify(
    {
      ...values,
      'records sent': sent,
      'records answered by 200': answered,
      'records counted': counted,
      ...sending,
      'CPU of a core, %': Math.round(((after - before) / seconds) * 1000) / 10,
      'resident memory, peak MiB': Math.round(Number(resident) / 1024),
      'load of the machine': loadavg()[0],
    },
    undefined,
    2,
  ),
)
if (counted !== sent) process.exitCode = 1

/** User and system time of a process, all its threads. The name, the second value, may hold anything. */
function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / TICKS
}
