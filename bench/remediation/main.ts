/**
 * `node bench/remediation/main.ts [result.json]`: from the POST to the element in the kernel, bursts, many blocks,
 * durable receipt and start. The service and its nft have one core, the senders another. Needs root, nft, ip and taskset.
 */
import { report } from '../metrics/report.ts'
import { demand, programs } from '../needs.ts'
import { seedLedger } from './seed.ts'
import {
  type BenchService,
  createNamespace,
  leaveServiceCore,
  nextAlert,
  removeNamespace,
  startService,
  timeUntil,
} from './service.ts'

const measured: { readonly measure: string; readonly value: number; readonly unit: string; readonly bar?: number }[] =
  []

function note(measure: string, value: number, unit: string, bar?: number): void {
  measured.push({ measure, value: Math.round(value * 10) / 10, unit, ...(bar === undefined ? {} : { bar }) })
}

demand(programs.taskset, programs.ip, programs.nft)
leaveServiceCore()
await createNamespace()
try {
  await responses()
  await receipts()
  await restarts()
} finally {
  await removeNamespace()
}
report(process.argv[2] ?? 'bench/results/remediation.json', measured)

/** Single alerts, a burst, and 20,000 blocks on one service. */
async function responses(): Promise<void> {
  const service = await startService()
  await block(service, 1_000)
  const times: number[] = []
  for (let index = 0; index < 200; index++) times.push(await block(service, 1))
  times.sort((a, b) => a - b)
  note('POST to confirmed element, 1,000 blocks in place, p50 of 200', times[100] ?? 0, 'ms')
  note('POST to confirmed element, 1,000 blocks in place, p95 of 200', times[190] ?? 0, 'ms', 100)
  note('burst: 1,000 alerts in one POST, all confirmed', await block(service, 1_000), 'ms', 1_000)
  const begun = performance.now()
  for (let blocked = 2_200; blocked < 20_000; blocked += 1_780) await block(service, 1_780)
  note('time to reach 20,000 blocks', performance.now() - begun, 'ms')
  note('blocks kept', service.ledger.blocks.count(), 'blocks', 20_000)
  note('one more block, 20,000 in place', await block(service, 1), 'ms')
  await service.stop()
}

/** Posts as many alerts of one message each as fit into five seconds, 16 at a time. */
async function receipts(): Promise<void> {
  const service = await startService()
  const end = performance.now() + 5_000
  let accepted = 0
  const sender = async () => {
    while (performance.now() < end) {
      await service.post([nextAlert().alert])
      accepted += 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, sender))
  note('alerts accepted durably, one in each POST, blocked at the same time', accepted / 5, 'per second', 200)
  await service.stop()
}

async function restarts(): Promise<void> {
  const folder = await seedLedger(100_000)
  const service = await startService(folder)
  note('start with 100,000 incidents and 100,000 records in the ledger', service.startMs, 'ms', 2_000)
  await service.stop()
}

/** Milliseconds from the POST until every one of so many new addresses is confirmed in the kernel. */
async function block(service: BenchService, count: number): Promise<number> {
  const made = Array.from({ length: count }, nextAlert)
  const before = confirmed(service)
  const begun = performance.now()
  await service.post(made.map(({ alert }) => alert))
  await timeUntil(() => confirmed(service) >= before + count)
  return performance.now() - begun
}

function confirmed({ ledger }: BenchService): number {
  return ledger.incidents.count('blocked')
}
