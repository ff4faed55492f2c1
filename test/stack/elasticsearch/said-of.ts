import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clawtrust } from '../servers/clawtrust.ts'
import { ObservedExporter, type SourceKeys } from './observed-exporter.ts'

export interface Said {
  readonly log: string
  readonly page: string
  /** Of `clawtrust elastic check`, with its exit code. */
  readonly check: string
  readonly code: number
}

/** All that is said of a source that cannot be read: by the exporter, which goes on trying, and by the check. */
export async function saidOf(source: SourceKeys, words: string): Promise<Said> {
  const exporter = new ObservedExporter(source)
  try {
    await exporter.start()
    const [page, check] = await Promise.all([exporter.goesDown(words), checked(source)])
    return { log: exporter.log.join(''), page, ...check }
  } finally {
    await exporter.stop()
  }
}

/** What `clawtrust elastic check` says of a source, with its exit code. */
export async function checked(source: SourceKeys): Promise<Pick<Said, 'check' | 'code'>> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-said-'))
  try {
    const sources = [{ type: 'elasticsearch', name: 'logs', request_timeout: '2s', ...source }]
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify({ exporter: { sources } }))
    const { code, output } = await clawtrust(folder, ['elastic', 'check'])
    return { check: output, code }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What was said, of several that were asked at once. @throws what went wrong with it */
export function saidBy(result: PromiseSettledResult<Said> | undefined): Said {
  if (result?.status !== 'fulfilled') throw result?.reason
  return result.value
}
