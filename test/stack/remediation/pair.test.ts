import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from '@jest/globals'
import { startRemediation, stopAll } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { type Alertmanager, startAlertmanager } from '../servers/alertmanager.ts'
import { eventually } from '../servers/eventually.ts'
import { type EarlyEndings, watchEarlyEndings } from './early-endings.ts'

/** Many more than the connections that one address may have: Alertmanager opens one for each message. */
const ALERTS = 1_000
/** Connections of the flood that are open at the same time: more than twice as many as one address may have. */
const FLOOD = 300

/**
 * Half the time that a connection has for its request while others wait. The service ends none earlier, however slow its
 * clients are. A limit that resets what is over it ends connections at once: more than 500 without a flood, 13,000 with it.
 */
const EARLY_MS = 500
/** Clients can end connections that wait, which the service does not see before it reads them. */
const FEW = 20

/** Requests to the webhook that were answered well, by Alertmanager's own count. */
async function deliveriesOf({ url }: Alertmanager): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const count = (name: string) =>
    Number(new RegExp(`^alertmanager_${name}\\{[^}]*integration="webhook"[^}]*\\} (\\d+)$`, 'm').exec(metrics)?.[1])
  return count('notification_requests_total') - count('notification_requests_failed_total')
}

withCommands('prometheus-alertmanager').describe('two Alertmanagers behind one address', () => {
  const started: Alertmanager[] = []
  let endings: EarlyEndings | undefined
  afterEach(async () => {
    endings?.stop()
    for (const alertmanager of started.splice(0)) await alertmanager.stop()
    await stopAll()
  }, 60_000)

  const deliver = async (service: Awaited<ReturnType<typeof startRemediation>>) => {
    for (const _ of [1, 2]) started.push(await startAlertmanager(`${service.url}alertmanager`, 'right'))
    const alerts = Array.from({ length: ALERTS }, (_, index) => ({
      labels: { alertname: 'BruteForce', playbook: 'brute-force', source_ip: `11.0.${index >> 8}.${index & 255}` },
    }))
    for (const alertmanager of started) await alertmanager.post(alerts)
    const isDone = async () =>
      (await Promise.all(started.map(deliveriesOf))).every(count => count >= ALERTS) || undefined
    await eventually('all are delivered', isDone, { limitMs: 150_000 })
    const targets = service.ledger.incidents.list([], 2 * ALERTS).map(({ target }) => target)
    expect([new Set(targets).size, targets.length]).toEqual([ALERTS, ALERTS])
  }

  it('deliver 1,000 alerts, each in a message of its own: all are taken, once, and none of their connections is ended early', async () => {
    endings = watchEarlyEndings(EARLY_MS)
    await deliver(await startRemediation())
    expect(endings.count()).toBeLessThan(FEW)
  }, 180_000)

  it('are not stopped by floods of connections and passwords from the same address', async () => {
    const service = await startRemediation()
    endings = watchEarlyEndings(EARLY_MS)
    const flood = startFlood(Number(new URL(service.url).port), FLOOD)
    await deliver(service)
    expect(endings.count()).toBeLessThan(FEW)
    await flood.stop()
    // It went on: those that ended were opened again.
    expect(flood.opened()).toBeGreaterThan(FLOOD)
  }, 180_000)
})

/** Keeps this many connections open, half of them quiet, half of them with wrong tokens; each that ends is opened again. */
function startFlood(port: number, size: number) {
  const sockets = new Set<Socket>()
  let opened = 0
  let stopped = false
  const attack = async (guesses: boolean) => {
    while (!stopped) {
      const socket = connect(port, '127.0.0.1')
      sockets.add(socket.on('error', () => {}).resume())
      opened += 1
      const head = 'POST /alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n'
      if (guesses) socket.write(`${head}Authorization: Bearer wrong${opened}\r\n\r\n{}`)
      await new Promise(resolve => socket.once('close', resolve))
      sockets.delete(socket)
    }
  }
  const attacks = Array.from({ length: size }, (_, index) => attack(index % 2 === 0))
  return {
    opened: () => opened,
    stop: async () => {
      stopped = true
      for (const socket of sockets) socket.destroy()
      await Promise.all(attacks)
    },
  }
}
