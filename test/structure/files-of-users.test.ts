import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from './source-files.ts'

/** A function of Node.js that opens a file by its path. */
const OPENS =
  /import \{[^}]*\b(?:open|openSync|readFile|readFileSync|createReadStream)\b[^}]*\} from 'node:fs(?:\/promises)?'/

/**
 * Who opens other files: the one place, what is shipped with the package, the service's own state and limits, and what
 * writes secrets and follows no link.
 */
const OPENERS: readonly string[] = [
  'service/files/regular-file.ts',
  'cli/deploy-init.ts',
  'cli/runbooks.ts',
  'cli/version.ts',
  'compliance/delivery/undelivered.ts',
  'compliance/integrity/',
  'compliance/render/html/style.ts',
  'exporter/sources/recording/captured-lines.ts',
  'service/delivery/templates/template.ts',
  'service/http/connection-limits.ts',
  'service/page/',
  'service/sqlite/',
  'service/state/',
]

const product = repositoryFiles().filter(path =>
  /^(?:cli|compliance|core|decoding|elastic|exporter|policy|remediation|service)\/.*\.ts$/.test(path),
)

describe('a file that a user names', () => {
  const opening = product.filter(path => OPENS.test(read(path)))

  it('is opened in one place, which refuses what is no regular file', () => {
    expect(opening.filter(path => !OPENERS.some(opener => path.startsWith(opener)))).toEqual([])
    expect(OPENERS.filter(opener => !opening.some(path => path.startsWith(opener)))).toEqual([])
  })

  it.each([
    "import { readFile } from 'node:fs/promises'",
    "import { type Stats, createReadStream } from 'node:fs'",
    "import {\n  closeSync,\n  openSync,\n} from 'node:fs'",
  ])('would be found in %j', line => {
    expect(line).toMatch(OPENS)
  })
})
