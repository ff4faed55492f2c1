import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { endOnBrokenPipe } from '../../cli/broken-pipe.ts'
import { temporaryFolder } from './temporary-folder.ts'

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const folder = temporaryFolder({
  'right.yml': 'log: { level: warn }\nweb: { roles: {} }\n',
  'wrong.yml': 'log: { levl: warn }\n',
  'exporter.yml': `exporter:
  listen_address: 127.0.0.1:0
  state_dir: state
  sources: [{ type: file, name: gateway, paths: [right.yml] }]
`,
})

/** Runs a command without a reader of one of its outputs; the text is what it writes to the other one. */
async function unread(output: 'stdout' | 'stderr', ...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  child[output].destroy()
  let text = ''
  child[output === 'stdout' ? 'stderr' : 'stdout'].on('data', chunk => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  return { code, text }
}

describe('a command whose output nothing reads', () => {
  it.each([[['--help']], [['elastic', 'setup', '--help']], [['check-config', 'right.yml']]])(
    'ends without a word, as by SIGPIPE: %j',
    async args => {
      expect(await unread('stdout', ...args)).toEqual({ code: 141, text: '' })
    },
  )

  it('ends so where nothing reads its errors', async () => {
    expect(await unread('stderr', 'check-config', 'wrong.yml')).toEqual({ code: 141, text: '' })
  })
})

it.each(['stdout', 'stderr'] as const)('a service whose %s nothing reads stops in order', async output => {
  const { code, text } = await unread(output, 'exporter', '--config.file', join(folder, 'exporter.yml'))
  expect(code).toBe(141)
  expect(text).not.toMatch(/CONFIG_|EPIPE|Unhandled|at .*\.ts/)
  expect(existsSync(join(folder, 'state'))).toBe(true)
})

it('throws other errors of the output', () => {
  const stream = new EventEmitter()
  endOnBrokenPipe([stream], { emit: () => false, exit: () => {} })
  const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' })
  expect(() => stream.emit('error', full)).toThrow('The output cannot be written (ENOSPC).')
})

it('stops a service once, however many writes fail', () => {
  const signals: string[] = []
  const stream = new EventEmitter()
  const exit = () => signals.push('exit')
  endOnBrokenPipe([stream], { emit: signal => signals.push(signal) > 0, exit })
  for (let write = 0; write < 3; write++) stream.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }))
  expect(signals).toEqual(['SIGTERM'])
})
