import { appendFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  temporaryFolder,
  until,
} from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { run } from '../servers/run.ts'

/** Mounting needs root, as the tests of the firewall do. */
withCommands('ip').describe('a disk that is full', () => {
  let disk: string
  let service: TestService

  const ballast = () => join(disk, 'ballast')

  /** Takes every byte that is left, a block at a time: the service may take one meanwhile. */
  const fill = () => {
    const block = Buffer.alloc(statfsSync(disk).bsize)
    expect(() => {
      for (;;) appendFileSync(ballast(), block)
    }).toThrow('ENOSPC')
    expect(statfsSync(disk).bavail).toBe(0)
  }

  beforeEach(async () => {
    disk = temporaryFolder()
    run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], {})
    service = await startRemediation({ mode: 'enforce' }, { folder: disk })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('the first is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
  })

  afterEach(async () => {
    await service.stop()
    run('umount', [disk], {})
    await stopAll()
  })

  it('takes no alert, says so, keeps what is blocked, and goes on when there is room', async () => {
    fill()
    const big = (address: string) => alert(address, { annotations: { summary: 'x'.repeat(4_000) } })
    // The database has some room in its last pages: it is spent first.
    let status = 200
    for (let host = 2; status === 200 && host < 250; host++) {
      status = (await deliver(service, message([big(`198.51.100.${host}`)]))).status
    }
    expect(status).toBe(503)
    expect((await deliver(service, message([big('192.0.2.2')]))).status).toBe(503)
    const ready = await fetch(`${service.url}-/ready`)
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('the disk is full')])
    expect(await service.metric('clawtrust_remediation_ledger_ok')).toBe(0)
    expect(service.kernel.elements.has('192.0.2.1')).toBe(true)
    expect(service.kernel.elements.has('192.0.2.2')).toBe(false)

    rmSync(ballast())
    expect((await deliver(service, message([big('192.0.2.2')]))).status).toBe(200)
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.2')?.state === 'applied')
    expect((await fetch(`${service.url}-/ready`)).status).toBe(200)
    expect(service.ledger.audit.verify()).toMatchObject({ ok: true })
  }, 60_000)
})
