import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Following, logLine, temporaryFolder } from './following.ts'

/** What several programs print when they start, longer than what is compared of a file's beginning. */
const BANNER = `${logLine('x'.repeat(1500))}\n`
const BANNERS = 8

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('begin' as const, 'write' as const, 'rename' as const, 'copyTruncate' as const),
      log: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'stop' as const) }) },
)

it('files that begin with the same KiB lose no line of their own and count none twice, whatever was read of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 24 }), async actions => {
      const place = temporaryFolder()
      const reader = new Following({ paths: [join(place.path, '*')] })
      const expected: string[] = []
      let rotated = 0
      try {
        for (const next of actions) {
          if ('log' in next) {
            const path = join(place.path, `gateway-${'abc'[next.log]}.log`)
            if (next.do === 'begin' && !existsSync(path)) writeFileSync(path, BANNER.repeat(1 + (rotated % BANNERS)))
            if (next.do === 'write' && existsSync(path)) {
              const text = logLine(`own ${expected.length}`)
              appendFileSync(path, `${text}\n`)
              expected.push(text)
            }
            if (next.do === 'rename' && existsSync(path)) renameSync(path, `${path}.${++rotated}.old`)
            if (next.do === 'copyTruncate' && existsSync(path)) {
              copyFileSync(path, `${path}.${++rotated}.old`)
              truncateSync(path)
              appendFileSync(path, BANNER)
            }
          }
          await reader.act(next)
        }
        await reader.catchUp()
        // What is held back is read when it is known to be no unfinished copy.
        await reader.wait(40_000)
        const own = reader.bodies.filter(body => body.includes('own '))
        expect(own.toSorted()).toEqual(expected.toSorted())
        expect(reader.lostBytes).toBe(0)
      } finally {
        await reader.stop()
        place.remove()
      }
    }),
    { numRuns: 150 },
  )
}, 120_000)
