import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { configuredCatalogue, reportConfig } from '../../cli/report-config.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'clawtrust.yml': '',
  'unknown-control.yml': `compliance:
  exceptions:
    - { control: nist-sp-800-53/AC-7, owner: a.berg, reason: the limit comes in May, expires: 2027-05-31 }
    - { control: nist-sp-800-53/AC-99, owner: a.berg, reason: the limit comes in May, expires: 2027-05-31 }
`,
})

describe('the configuration of a report', () => {
  it('looks for the databases of both services in the folder of --state.dir', async () => {
    const { config } = await reportConfig(folder, { 'state.dir': 'elsewhere', out: 'reports' })
    expect(config.exporter.state_dir).toBe(join(folder, 'elsewhere'))
    expect(config.remediation.state_dir).toBe(join(folder, 'elsewhere'))
    expect(config.compliance.output_dir).toBe(join(folder, 'reports'))
  })

  it('refuses an exception of a control that no framework has, with its line', async () => {
    const placed = await reportConfig(folder, { 'config.file': 'unknown-control.yml' })
    await expect(configuredCatalogue(placed, folder)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^unknown-control\.yml:4: nist-sp-800-53\/AC-99 is no control of a framework; /),
    })
  })
})
