import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { pathOf } from '../../decoding/envelopes/envelope.ts'
import { envelopes } from '../../decoding/envelopes/registry.ts'

const folder = new URL('../../elastic/shippers/', import.meta.url)

/** The envelope that each shipped configuration writes; none where it parses the record at the root of the document. */
const written: Readonly<Record<string, string | undefined>> = {
  'filebeat.yml': 'filebeat',
  'fluent-bit.yaml': 'fluent-bit',
  'fluentd.conf': 'fluentd',
  'logstash.conf': 'logstash',
  'rsyslog.conf': undefined,
  'syslog-ng.conf': undefined,
}

describe('the shipped configurations', () => {
  it('are known here, each with what it writes, and are on docs/elasticsearch.md', () => {
    const files = readdirSync(folder)
    expect(Object.keys(written).toSorted()).toEqual(files.toSorted())
    const page = readFileSync(new URL('../../docs/elasticsearch.md', import.meta.url), 'utf8')
    expect(files.filter(file => !page.includes(`](../elastic/shippers/${file})`))).toEqual([])
  })

  it.each(Object.entries(written).flatMap(([file, name]) => (name === undefined ? [] : [[file, name] as const])))(
    '%s writes the marks of the envelope %s, or says that its shipper does',
    (file, name) => {
      const text = readFileSync(new URL(file, folder), 'utf8')
      const envelope = envelopes.find(known => known.name === name)
      const words = envelope?.marks.flatMap(({ path, value }) => [path.split('.').at(-1) ?? path, value ?? path]) ?? []
      expect(words.length).toBeGreaterThan(0)
      expect(words.filter(word => !text.includes(word))).toEqual([])
      expect(text).toContain(envelope === undefined ? 'an envelope' : pathOf(envelope.record))
    },
  )
})
