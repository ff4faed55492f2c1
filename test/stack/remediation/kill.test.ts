import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type Ledger, openLedgerBeside } from '../../../remediation/store/ledger.ts'
import { alert, deliver, message, stopAll, temporaryFolder, until } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningProcess, startProcess } from '../servers/process.ts'
import { createNetwork, type Network } from './namespace.ts'

const child = fileURLToPath(new URL('./service.child.ts', import.meta.url))
/** Before and after: the commit of the receipt, of the decision, nft, the commit of its success, the message, the commit of that. */
const BOUNDARIES = 12
/** Before and after: the commit of the end, nft, the commit of its success, the commit of the answer. */
const UNBLOCK_BOUNDARIES = 8
/** Before and after the commit of the end: the kernel takes the element out by itself. */
const EXPIRY_BOUNDARIES = 2

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

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

  const arm = async (service: RunningProcess) => {
    service.signal('SIGUSR2')
    await eventually('it is armed', async () => service.output().includes('armed') || undefined, { by: service })
  }

  const isInKernel = (address: string) => network.elements('block4').some(({ val }) => val === address)

  /** Records of an incident by OCSF's activity: 1 a block, 3 its end. */
  const recorded = (ledger: Ledger, activity: number) =>
    ledger.audit.page(0, 999).filter(({ record }) => JSON.parse(record).activity_id === activity).length

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

  it.each(upTo(BOUNDARIES))(
    'at boundary %i of a block has lost no block, doubled none, and left none without an end',
    async killAt => {
      const folder = temporaryFolder()
      const address = `198.51.100.${killAt}`
      received = []
      const first = await start(folder, killAt)
      await arm(first.service)
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

  it('has met every boundary of a block there is', async () => {
    const folder = temporaryFolder()
    const { service, url } = await start(folder, BOUNDARIES + 1)
    await arm(service)
    await deliver({ url }, message([alert('198.51.100.100')]))
    const ledger = openLedgerBeside(folder)
    await until('everything is done', () => ledger.outbox.count('sent') === 1)
    const looks = () => service.output().split('looked\n').length
    const before = looks()
    // Each reconciliation begins with a look: at the second, one that began after everything was done has ended.
    await until('it is reconciled', () => looks() >= before + 2 || service.hasEnded())
    expect(service.hasEnded()).toBe(false)
    await ledger.close()
    await service.stop()
  }, 60_000)

  it.each(upTo(UNBLOCK_BOUNDARIES))(
    'at boundary %i of an unblocking lets the address in, and records it once',
    async killAt => {
      const folder = temporaryFolder()
      const address = `198.51.100.${110 + killAt}`
      const first = await start(folder, killAt)
      const ledger = openLedgerBeside(folder)
      await deliver({ url: first.url }, message([alert(address)]))
      await until('it is in force', () => ledger.outbox.count('sent') === 1 && isInKernel(address))
      await arm(first.service)
      const command = await ledger.write(() => ledger.commands.add('unblock', address, 'alice'))
      await until('it is killed', () => first.service.hasEnded())

      const second = await start(folder, 0)
      await until('it is let in', () => ledger.commands.answerOf(command) !== undefined && !isInKernel(address))
      expect(ledger.blocks.all()).toEqual([])
      expect(ledger.incidents.list([], 9)).toMatchObject([{ state: 'unblocked' }])
      expect([recorded(ledger, 1), recorded(ledger, 3)]).toEqual([1, 1])
      expect(ledger.audit.verify()).toMatchObject({ ok: true })
      await ledger.close()
      await second.service.stop()
    },
    60_000,
  )

  it.each(upTo(EXPIRY_BOUNDARIES))(
    'at boundary %i of an expiry has an end that is recorded once',
    async killAt => {
      const folder = temporaryFolder()
      const address = `198.51.100.${120 + killAt}`
      const labels = { playbook: 'short', source_ip: address }
      const first = await start(folder, killAt)
      const ledger = openLedgerBeside(folder)
      await deliver({ url: first.url }, message([alert(address, { labels })]))
      await until('it is in force', () => ledger.incidents.count('blocked') === 1)
      await arm(first.service)
      await until('it is killed', () => first.service.hasEnded())

      const second = await start(folder, 0)
      await until('its end is known', () => ledger.incidents.count('expired') === 1 && !isInKernel(address))
      expect(ledger.blocks.all()).toEqual([])
      expect([recorded(ledger, 1), recorded(ledger, 3)]).toEqual([1, 1])
      expect(ledger.audit.verify()).toMatchObject({ ok: true })
      await ledger.close()
      await second.service.stop()
    },
    60_000,
  )
})
