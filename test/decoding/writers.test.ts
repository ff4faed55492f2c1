import { describe, expect, it } from '@jest/globals'
import { guards } from '../../core/labels/guards.ts'
import { policyEngines } from '../../core/labels/policy.ts'
import { producersByRhythm } from '../../core/labels/posture.ts'
import { proxies } from '../../core/labels/transport.ts'
import { observers } from '../../core/zero-trust.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { reporters } from '../../exporter/sources/reporters.ts'
import { read } from '../structure/source-files.ts'
import { dialectFixtures } from './dialect-fixtures.ts'

const { decode } = createDispatcher(dialects)
const decoded = Object.values(dialectFixtures).flatMap(({ lines = [], documents = [] }) =>
  [...lines, ...documents].map(body => decode({ id: '1', body })),
)
const claims = decoded.flatMap(({ decoding }) =>
  decoding.kind === 'claim' ? [decoding.claim, ...(decoding.claim.also ?? [])] : [],
)

/** A word that names a program without a dialect for it: a label value that never occurs, a guard that is never up. */
describe('each word of a closed set that names a program has a fixture of a dialect that brings it', () => {
  it.each(guards)('guard %s: a record about what it inspected, and its row in docs/guards.md', guard => {
    expect(decoded.some(one => one.guard?.guard === guard && one.guard.inspects)).toBe(true)
    expect(read('docs/guards.md')).toMatch(new RegExp(`^\\| ${guard}\\b`, 'im'))
  })

  it.each(proxies)('proxy %s: a dialect whose name begins with it', proxy => {
    const own = dialects.filter(({ name, observer }) => observer === 'proxy' && name.startsWith(proxy))
    expect(own).not.toEqual([])
  })

  it.each(policyEngines)('policy engine %s: a decision', engine => {
    expect(claims.some(({ signal, labels }) => signal === 'policy_decisions' && labels.engine === engine)).toBe(true)
  })

  it.each(producersByRhythm.scheduled)(
    'producer of posture %s: a snapshot, and its row in docs/posture.md',
    producer => {
      const snapshots = decoded.flatMap(({ decoding }) =>
        decoding.kind === 'posture_snapshot' ? [decoding.snapshot.producer] : [],
      )
      expect(snapshots).toContain(producer)
      expect(read('docs/posture.md')).toContain(`| \`${producer}\` |`)
    },
  )

  it.each(Object.keys(observers))('observer %s: a dialect, or a source that reports without one', observer => {
    expect(reporters.map(reporter => reporter.observer)).toContain(observer)
  })
})
