import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { connectionLimits, maxOpenFiles, parseOpenFiles } from '../../../service/http/connection-limits.ts'

it('has the limits of the documentation where the process may open enough files', () => {
  const documented = { total: 1_024, authenticated: 512, waitingOfPeer: 8_192, waiting: 16_384 }
  expect(connectionLimits(Number.POSITIVE_INFINITY)).toMatchObject(documented)
  expect(connectionLimits(20_000)).toMatchObject(documented)
})

it('leaves files for the rest of the service, however few the process may open', () => {
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 1_048_576 }), openFiles => {
      const { total, authenticated, waiting, waitingOfPeer } = connectionLimits(openFiles)
      expect(openFiles - total - authenticated - waiting).toBeGreaterThanOrEqual(
        Math.min(1_024, Math.floor(openFiles / 4)),
      )
      for (const limit of [total, authenticated, waiting, waitingOfPeer]) expect(limit).toBeGreaterThan(0)
    }),
  )
})

it('reads how many files the process may open', () => {
  const limits = (soft: string) =>
    `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft.padEnd(20)} 524288               files     \n`
  expect([limits('1024'), limits('unlimited'), ''].map(parseOpenFiles)).toEqual([
    1_024,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ])
  expect(maxOpenFiles()).toBeGreaterThan(0)
})
