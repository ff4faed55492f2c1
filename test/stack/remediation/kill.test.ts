import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openLedgerBeside } from '../../../remediation/ledger/ledger.ts'
import { alert, deliver, message, stopAll, temporaryFolder, until } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { startProcess } from '../servers/process.ts'
import { createNetwork, type Network } from './namespace.ts'

const child = fileURLToPath(new URL('./service.child.ts', import.meta.url))
/** Before and after: the commit of the receipt, of the decision, nft, the commit of its success, the message, the commit of that. */
const BOUNDARIES = 12

withCommands('nft', 'ip').describe('a service that is killed between two steps of an action', () => {
  let network: Network
  let receiver: Server
  let received: string[] = []

  const start = async (folder: string, killAt: number) => {
    const { port } = receiver.address() as AddressInfo
    const address = `http://127.0.0.1:${port}/`
    const service = startProcess(process.execPath, [child, folder, network.gateway, address, String(killAt)])
    const url = await eventually('it answers', async () => /^http\S+$/m.exec(service.output())?.[0], { by: service })
    return { service, url }
  }

  beforeAll(async () => {
    network = createNetwork()
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => {
        received.push(body)
        response.end('ok')
      })
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
  })

  afterAll(async () => {
    receiver.close()
    network?.remove()
    await stopAll()
  })

  it.each(Array.from({ length: BOUNDARIES }, (_, index) => index + 1))(
    'at boundary %i has lost no block, doubled none, and left none without an end',
    async killAt => {
      const folder = temporaryFolder()
      const address = `198.51.100.${killAt}`
      received = []
      const first = await start(folder, killAt)
      // What is done once at the start is over.
      await pause(500)
      process.kill(first.service.pid, 'SIGUSR2')
      await eventually('it is armed', async () => first.service.output().includes('armed') || undefined, {
        by: first.service,
      })
      await deliver({ url: first.url }, message([alert(address)])).catch(() => undefined)
      await until('it is killed', () => first.service.hasEnded())

      const second = await start(folder, 0)
      // Alertmanager had no 2xx, or sends again after its own restart.
      await deliver({ url: second.url }, message([alert(address)]))
      const ledger = openLedgerBeside(folder)
      await until(
        'it is in force',
        () => ledger.incidents.list(['blocked'], 9).length === 1 && ledger.outbox.count('sent') === 1,
        15_000,
      )
      const elements = network.elements('block4').filter(({ val }) => val === address)
      expect(elements).toHaveLength(1)
      expect(elements[0]?.expires).toBeGreaterThan(0)
      expect(elements[0]?.expires).toBeLessThanOrEqual(3_600)
      expect(ledger.incidents.list([], 9)).toHaveLength(1)
      expect(ledger.blocks.all()).toMatchObject([{ target: address, state: 'applied' }])
      expect(ledger.audit.verify()).toMatchObject({ ok: true })
      // A receiver may hear twice only where the process died between its answer and the record of it.
      expect(received.length).toBeGreaterThanOrEqual(1)
      expect(received.length).toBeLessThanOrEqual(2)
      await ledger.close()
      await second.service.stop()
    },
    60_000,
  )
})
