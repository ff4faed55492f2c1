import { describe, expect, it } from '@jest/globals'
import { ServiceLife } from '../../../service/app/service.ts'

interface Loaded {
  readonly port: number
  readonly rules: string
}

/** A service that writes down what it does. */
function serviceOf(configurations: readonly (Loaded | Error)[], reload = async (_loaded: Loaded) => {}) {
  const done: string[] = []
  let next = 0
  const service = new ServiceLife<Loaded>(
    { port: 1, rules: 'old' },
    {
      setup: {
        loadConfig: async () => {
          const loaded = configurations[next++]
          if (loaded === undefined || loaded instanceof Error) throw loaded
          return loaded
        },
        logger: { info: (message: string) => done.push(message) } as never,
      },
      clock: { now: () => 7, monotonic: () => 7 },
      process: { configReloaded: (isSuccessful, at) => done.push(`reloaded ${isSuccessful} at ${at}`) },
      fixed: ({ port }) => ({ 'part.port': port }),
      start: async ({ rules }) => {
        done.push(`start ${rules}`)
        return { url: 'http://127.0.0.1/' }
      },
      reload: async loaded => {
        await reload(loaded)
        done.push(`reload ${loaded.rules}`)
      },
      stop: async () => void done.push('stop'),
    },
  )
  return { service, done }
}

describe('the life of a service', () => {
  it('is a start, reloads and a stop, one after the other', async () => {
    const { service, done } = serviceOf([{ port: 1, rules: 'new' }])
    await Promise.all([service.start(), service.reload(), service.stop()])
    const expected = ['start old', 'reloaded true at 7', 'reload new', 'reloaded true at 7', 'Configuration reloaded.']
    expect(done).toEqual([...expected, 'stop'])
    expect(service.loaded).toEqual({ port: 1, rules: 'new' })
  })

  it('refuses to reload what only a restart can change, and keeps the configuration', async () => {
    const { service, done } = serviceOf([{ port: 2, rules: 'new' }])
    await expect(service.reload()).rejects.toMatchObject({
      code: 'CONFIG_NEEDS_RESTART',
      message: 'part.port cannot be changed by a reload; restart clawtrust.',
    })
    expect(done).toEqual(['reloaded false at 7'])
    expect(service.loaded).toEqual({ port: 1, rules: 'old' })
  })

  it('keeps the configuration where the new one cannot be read or used', async () => {
    const { service, done } = serviceOf([new Error('unreadable'), { port: 1, rules: 'unusable' }], async () => {
      throw new Error('refused')
    })
    await expect(service.reload()).rejects.toThrow('unreadable')
    await expect(service.reload()).rejects.toThrow('refused')
    expect(done).toEqual(['reloaded false at 7', 'reloaded false at 7'])
    expect(service.loaded.rules).toBe('old')
  })
})
