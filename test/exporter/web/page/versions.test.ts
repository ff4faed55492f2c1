import { describe, expect, it } from '@jest/globals'
import type { ObservedVersion, ProductVersions } from '../../../../exporter/pipeline/versions/observed-versions.ts'
import { versionSection } from '../../../../exporter/web/page/sections/versions.ts'
import { versionsView } from '../../../../exporter/web/page/versions-view.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const version = (parts: Partial<ObservedVersion>): ObservedVersion => ({
  version: '2026.9.6',
  isCurrent: false,
  since: NOON,
  minutes: 300,
  undecodedMinutes: 3,
  newTemplates: [],
  hasMoreUndecoded: false,
  ...parts,
})
const product = (gateway: string, ...versions: readonly ObservedVersion[]): ProductVersions => ({
  gateway,
  product: 'openclaw',
  versions,
})

function shown(...products: readonly ProductVersions[]): string {
  const versions = versionsView({ list: () => products })
  const { markup } = versionSection({ now: NOON, ...(versions && { versions }) })
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

describe('versions on the page', () => {
  it('are absent where none is known', () => {
    expect(shown()).toBe('')
    expect(shown(product('gw-1'))).toBe('')
  })

  it('are those that are current or whose log has changed, which go first with a few samples', () => {
    const templates = ['first conn=<*>', 'second', 'third', 'fourth']
    const text = shown(
      product('gw-1', version({}), version({ version: '2026.9.7', isCurrent: true })),
      product('gw-2', version({ version: '2026.10.1', isCurrent: true, newTemplates: templates })),
      product('gw-3', version({ version: '2026.10.2', isCurrent: true, hasMoreUndecoded: true })),
    )
    expect(text).toMatch(
      /openclaw 2026\.10\.1 gw-2 .* 3 of 300 ▲ 4 new log templates first conn=&lt;\*&gt; second third openclaw 2026\.10\.2 gw-3 .* ▲ more is undecoded openclaw 2026\.9\.7 gw-1 .* as before$/,
    )
    expect(text).not.toMatch(/fourth|2026\.9\.6/)
  })

  it('are at most 50, of as many as there are, and no text of a record is markup', () => {
    const many = Array.from({ length: 70 }, (_, index) => product(`<i>${index}`, version({ isCurrent: true })))
    expect(shown(...many)).toMatch(/50 of 70 versions\.$/)
    expect(shown(...many)).toContain('&lt;i&gt;0')
  })
})
