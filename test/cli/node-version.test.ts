import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { nodeTrouble, REQUIRED_NODE } from '../../cli/node-version.ts'
import { REQUIRED_MAJOR } from '../../tools/bootstrap/runtime.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('the version of Node.js', () => {
  it.each(['v24.0.0', 'v24.21.0', 'v100.0.0', 'v25.0.0-nightly'])('%s is new enough', version => {
    expect(nodeTrouble(version, '/usr/bin/node')).toBeUndefined()
  })

  it.each(['v16.20.2', 'v20.20.2', 'v23.11.1', 'v9.0.0'])(
    '%s is too old, and one sentence says what to do',
    version => {
      expect(nodeTrouble(version, '/usr/bin/node')).toBe(
        `clawtrust needs Node.js 24 or newer, and /usr/bin/node is ${version}; install Node.js 24 and run the command again.`,
      )
    },
  )

  it('is the same for the package, its command and a clone', () => {
    expect(JSON.parse(read('package.json')).engines.node).toBe(`>=${REQUIRED_NODE}`)
    expect(REQUIRED_MAJOR).toBe(REQUIRED_NODE)
  })

  it('is checked before anything is loaded that an older Node.js does not have', () => {
    const imported = (path: string) => [...read(path).matchAll(/^import .* from '(.*)'$/gm)].map(([, from]) => from)
    expect(imported('cli/main.ts')).toEqual(['./node-version.ts'])
    expect(imported('cli/node-version.ts')).toEqual([])
  })
})
