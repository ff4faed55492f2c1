import { describe, expect, it } from '@jest/globals'
import { rotatedName } from '../../../../exporter/sources/file/rotated-name.ts'

describe('the name of a rotated file', () => {
  it.each([
    ['x.log', '', 0],
    ['x.log.1', '', 1],
    ['x.log.12.gz', '', 12],
    ['x.1.log', '', 1],
    ['x.1.log.gz', '', 1],
    ['x.log-20261129', '20261129', 0],
    ['x.log-20261129.gz', '20261129', 0],
    ['x-20261129.log', '20261129', 0],
    ['x-20261129.log.gz', '20261129', 0],
    ['x.log-2026-11-29', '2026-11-29', 0],
    ['x.log.2026-11-29', '2026-11-29', 0],
    ['x.log-20261129-14', '20261129-14', 0],
    ['x.log-2026112914', '2026112914', 0],
    ['x.log-20261129-1795880891', '20261129-1795880891', 0],
    ['x.log.20261129-120000', '20261129-120000', 0],
    ['x.log.20261129-120000.gz', '20261129-120000', 0],
    ['x-2026-11-29T12-00-00.000.log', '2026-11-29T12-00-00.000', 0],
    ['x-2026-11-29.log', '2026-11-29', 0],
    ['x-2026-11-29.5.log', '2026-11-29', 5],
  ])('%s is one of x.log', (name, date, shifted) => {
    expect(rotatedName(`/var/log/${name}`)).toEqual({ family: '/var/log/x', date, shifted })
  })

  it.each([
    'x-2.log',
    'x_2.log',
    'x2.log',
    'x.log.bak',
    'x.log.old',
    'x.log~',
    'x-2026.log',
    'x.log-2026',
    'x-20261329.log',
    'x-20261132.log',
    'x-202611-29.log',
    'x.log.1.bak',
    'x.log.2026',
    'x-10.0.0.1.log',
  ])('%s is another log', name => {
    expect(rotatedName(`/var/log/${name}`).family).not.toBe('/var/log/x')
  })

  it('is that of another log in another folder', () => {
    expect(rotatedName('/a/x.log.1').family).not.toBe(rotatedName('/b/x.log').family)
  })
})
