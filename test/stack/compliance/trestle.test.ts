import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect } from '@jest/globals'
import fc from 'fast-check'
import type { Report } from '../../../compliance/model/report.ts'
import { oscalRenderer } from '../../../compliance/render/oscal/renderer.ts'
import { wheelProgram } from '../../../tools/checks/wheels.ts'
import { arbitraryReport } from '../../compliance/arbitrary-report.ts'
import { exampleReport, quietReport } from '../../compliance/example-report.ts'
import { withCommands } from '../../requirements.ts'

/** Reads each file with the models of trestle, and prints what it says of those that it refuses. */
const READ_ALL = `
import pathlib, sys
from trestle.oscal.assessment_results import AssessmentResults
for path in sys.argv[1:]:
    try:
        AssessmentResults.oscal_read(pathlib.Path(path))
    except Exception as error:
        print(path, error)
`

/** How many arbitrary reports are read: a process of Python starts in a second, and reads each in milliseconds. */
const REPORTS = 100

const { describe, it } = withCommands('trestle')

describe('compliance-trestle, which reads OSCAL by models of its own', () => {
  let folder: string
  let workspace: string
  const packages = dirname(dirname(wheelProgram('trestle')))
  const python = (...args: string[]) =>
    spawnSync('python3', args, { cwd: workspace, encoding: 'utf8', env: { ...process.env, PYTHONPATH: packages } })
  const trestle = (...args: string[]) => python('-m', 'trestle', ...args)

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-trestle-'))
    workspace = join(folder, 'workspace')
    mkdirSync(workspace)
    expect(trestle('init', '--local').status).toBe(0)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const written = async (name: string, report: Report, change = (text: string) => text): Promise<string> => {
    const path = join(folder, `${name}.json`)
    writeFileSync(path, change(Buffer.from(await oscalRenderer.render(report)).toString('utf8')))
    return path
  }

  it('imports and validates a report with a control of each status', async () => {
    const { status, stdout, stderr } = trestle('import', '-f', await written('month', exampleReport()), '-o', 'month')
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/error|invalid/i)])
    const validated = trestle('validate', '-t', 'assessment-results', '-n', 'month')
    expect([validated.status, validated.stdout]).toEqual([0, expect.stringContaining('VALID')])
  })

  it('refuses a state that OSCAL does not have: the test would see it', async () => {
    const path = await written('wrong', exampleReport(), text => text.replaceAll('"not-satisfied"', '"unknown"'))
    expect(trestle('import', '-f', path, '-o', 'wrong').status).toBe(1)
  })

  it('reads the report of a quiet week, and any other', async () => {
    const reports = [quietReport(), ...fc.sample(arbitraryReport, REPORTS)]
    const paths = await Promise.all(reports.map((report, index) => written(`any-${index}`, report)))
    const { status, stdout, stderr } = python('-c', READ_ALL, ...paths)
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})
