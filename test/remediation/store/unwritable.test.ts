import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, it } from '@jest/globals'
import { alert, deliver, message, startRemediation, stopAll, until } from '../service.ts'

afterEach(stopAll)

it('answers 503 while the ledger cannot be written, is not ready, and takes the same alert when it can', async () => {
  const service = await startRemediation({ mode: 'enforce' })
  // A second writer that holds the database stands for a disk that takes nothing.
  const holder = new DatabaseSync(join(service.folder, 'state', 'remediation', 'ledger.db'))
  holder.exec('BEGIN IMMEDIATE')
  const refused = await deliver(service, message([alert('192.0.2.1')]))
  expect(refused.status).toBe(503)
  expect((await fetch(`${service.url}-/ready`)).status).toBe(503)
  expect(await service.metric('clawtrust_remediation_ledger_ok')).toBe(0)
  holder.close()
  expect((await deliver(service, message([alert('192.0.2.1')]))).status).toBe(200)
  await until('it is blocked', () => service.kernel.elements.has('192.0.2.1'))
  expect((await fetch(`${service.url}-/ready`)).status).toBe(200)
}, 30_000)

it('answers other requests while another program has locked the ledger, and takes the delivery when it can', async () => {
  const service = await startRemediation({ mode: 'enforce' })
  const holder = new DatabaseSync(join(service.folder, 'state', 'remediation', 'ledger.db'))
  holder.exec('BEGIN IMMEDIATE')
  const answered: string[] = []
  const delivery = deliver(service, message([alert('192.0.2.1')])).then(({ status }) => {
    answered.push('delivery')
    return status
  })
  for (const path of ['-/healthy', 'metrics', '']) {
    expect((await fetch(service.url + path)).status).toBe(200)
    answered.push(path)
  }
  expect(answered).toEqual(['-/healthy', 'metrics', ''])
  holder.close()
  expect(await delivery).toBe(200)
  await until('it is blocked', () => service.kernel.elements.has('192.0.2.1'))
}, 30_000)
