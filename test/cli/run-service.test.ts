import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { runService, type Service, type ServiceProcess } from '../../cli/run-service.ts'
import { ClawtrustError } from '../../core/errors.ts'
import { createLogger } from '../../service/log/logger.ts'

/** A process whose signals the test sends. */
class FakeProcess extends EventEmitter implements ServiceProcess {
  readonly exits: number[] = []

  exit(code: number): void {
    this.exits.push(code)
  }
}

function setUp(overrides: Partial<Service> = {}, until?: Promise<void>) {
  const host = new FakeProcess()
  const calls: string[] = []
  const lines: string[] = []
  const service: Service = {
    start: async () => ({ url: 'http://127.0.0.1:9847/' }),
    stop: async () => void calls.push('stop'),
    reload: async () => void calls.push('reload'),
    ...overrides,
  }
  const logger = createLogger({ destination: { write: (line: string) => lines.push(line) } })
  const started = Promise.withResolvers<string>()
  return {
    host,
    calls,
    lines,
    started: started.promise,
    done: runService(service, host, logger, started.resolve, until),
  }
}

describe('a running service', () => {
  it.each(['SIGTERM', 'SIGINT'])('stops at %s and leaves no listener behind', async signal => {
    const { host, calls, started, done } = setUp()
    expect(await started).toBe('http://127.0.0.1:9847/')
    host.emit(signal)
    await done
    expect(calls).toEqual(['stop'])
    expect(host.eventNames()).toEqual([])
    expect(host.exits).toEqual([])
  })

  it('stops when what it waits for has come, and says whether a signal came too', async () => {
    for (const isSignalled of [false, true]) {
      const { host, calls, started, done } = setUp({}, Promise.resolve())
      if (isSignalled) host.emit('SIGTERM')
      expect(await done).toBe(isSignalled)
      expect(calls).toEqual(['stop'])
      await started
    }
  })

  it('stops when it is told so before it has started', async () => {
    const { host, calls, done } = setUp({ start: () => new Promise(() => {}) })
    host.emit('SIGTERM')
    await done
    expect(calls).toEqual(['stop'])
  })

  it('ends at once at a second signal, while stopping hangs', async () => {
    const { host, started } = setUp({ stop: () => new Promise(() => {}) })
    await started
    host.emit('SIGINT')
    expect(host.exits).toEqual([])
    host.emit('SIGINT')
    expect(host.exits).toEqual([1])
  })

  it('reloads at each SIGHUP and goes on', async () => {
    const { host, calls, started, done } = setUp()
    await started
    host.emit('SIGHUP')
    host.emit('SIGHUP')
    host.emit('SIGTERM')
    await done
    expect(calls).toEqual(['reload', 'reload', 'stop'])
  })

  it('goes on with the old configuration where a reload is refused, and says so', async () => {
    const { host, lines, started, done } = setUp({
      reload: () => Promise.reject(new ClawtrustError('CONFIG_INVALID', 'line 3 is wrong')),
    })
    await started
    host.emit('SIGHUP')
    await new Promise(resolve => setImmediate(resolve))
    expect(lines.join('')).toMatch(/level=error.*line 3 is wrong.*the previous configuration stays in force/)
    host.emit('SIGTERM')
    await done
  })

  it('fails with what kept it from starting, after it has stopped', async () => {
    const { calls, done } = setUp({ start: () => Promise.reject(new Error('the port is taken')) })
    await expect(done).rejects.toThrow('the port is taken')
    expect(calls).toEqual(['stop'])
  })
})
