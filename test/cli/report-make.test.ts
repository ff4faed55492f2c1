import { EventEmitter, once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { makeReport } from '../../cli/report-make.ts'
import { folderLease } from '../../compliance/schedule/folder-lease.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({})

describe('clawtrust report', () => {
  it('ends at a signal while a store does not answer, and writes no report', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const config = `compliance: { prometheus: { url: 'http://127.0.0.1:${port}' }, formats: [json] }
exporter: { state_dir: state }
remediation: { state_dir: ledger }
`
    writeFileSync(join(folder, 'clawtrust.yml'), config)
    const host = new EventEmitter()
    const stream = { write: () => true }
    const context = { version: '0.3.0', folder, stdout: stream, stderr: stream, process: host } as unknown as CliContext
    const made = makeReport(context, { 'config.file': 'clawtrust.yml', period: '2026-10' })
    await once(server, 'request')
    host.emit('SIGTERM')
    await expect(made).rejects.toThrow('The report was stopped before it was written; there is none.')
    expect(readdirSync(join(folder, 'clawtrust-reports')).filter(name => !name.startsWith('.'))).toEqual([])
    expect(host.eventNames()).toEqual([])
    server.closeAllConnections()
    server.close()
  })

  it('makes nothing while another process makes reports in the folder', async () => {
    writeFileSync(join(folder, 'clawtrust.yml'), 'compliance: { output_dir: shared, formats: [json] }\n')
    const stream = { write: () => true }
    const context = { version: '0.3.0', folder, stdout: stream, stderr: stream, process: new EventEmitter() }
    const make = () =>
      makeReport(context as unknown as CliContext, { 'config.file': 'clawtrust.yml', period: '2026-10' })
    const reports = () => readdirSync(join(folder, 'shared')).filter(name => !name.startsWith('.'))
    const held = await folderLease(join(folder, 'shared'))()
    await expect(make()).rejects.toMatchObject({ code: 'REPORTS_ELSEWHERE' })
    expect(reports()).toEqual([])
    await held?.release([])
    await make()
    expect(reports()).toEqual(['2026-10', 'chain.json'])
  })
})
