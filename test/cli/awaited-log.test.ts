import { expect, it } from '@jest/globals'
import { reloadedWhenLogAppears } from '../../cli/awaited-log.ts'
import { createLogger } from '../../service/log/logger.ts'

/** A service beside its log, whose looks are made by hand. */
function machine(refused?: Error) {
  const written: string[] = []
  const calls: string[] = []
  const looks: PromiseWithResolvers<void>[] = []
  const state = { isAwaited: true, isThere: false, isReadable: true }
  const service = reloadedWhenLogAppears(
    {
      start: async () => ({ url: 'http://127.0.0.1:9847/' }),
      stop: async () => void calls.push('stop'),
      reload: async () => {
        calls.push('reload')
        if (refused !== undefined) throw refused
        state.isAwaited = !state.isThere
      },
    },
    {
      isAwaited: () => state.isAwaited,
      isThere: () => (state.isReadable ? Promise.resolve(state.isThere) : Promise.reject(new Error('EACCES'))),
      logger: createLogger({
        level: 'info',
        format: 'logfmt',
        destination: { write: text => void written.push(text) },
      }),
      pause: signal => {
        const next = Promise.withResolvers<void>()
        signal.addEventListener('abort', () => next.reject(signal.reason))
        looks.push(next)
        return next.promise
      },
    },
  )
  /** Ends the pause, and resolves when the next one begins. */
  const look = async () => {
    const before = looks.length
    looks.at(-1)?.resolve()
    while (looks.length === before) await Promise.resolve()
  }
  return { service, state, calls, written, looks, look }
}

it('a service that plays recordings is reloaded once when a log appears', async () => {
  const { service, state, calls, look } = machine()
  await service.start()
  await look()
  expect(calls).toEqual([])
  state.isThere = true
  await look()
  await look()
  expect(calls).toEqual(['reload'])
})

it('a service that reads a log is never reloaded by itself', async () => {
  const { service, state, calls, look } = machine()
  state.isAwaited = false
  state.isThere = true
  await service.start()
  await look()
  expect(calls).toEqual([])
})

it('where the places cannot be read for a moment, or the reload is refused, it is tried again', async () => {
  const { service, state, calls, written, look } = machine(new Error('no'))
  state.isReadable = false
  await service.start()
  await look()
  expect(calls).toEqual([])
  Object.assign(state, { isReadable: true, isThere: true })
  await look()
  await look()
  expect(calls).toEqual(['reload', 'reload'])
  expect(written.join('')).toContain('level=error')
})

it('after the end there is no look and no reload', async () => {
  const { service, state, calls, looks } = machine()
  await service.start()
  state.isThere = true
  await service.stop()
  await expect(looks[0]?.promise).rejects.toMatchObject({ name: 'AbortError' })
  expect(looks).toHaveLength(1)
  expect(calls).toEqual(['stop'])
})
