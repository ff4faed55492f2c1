import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { valuesOf } from '../../exporter/sources/posture/values.ts'
import { dialectFixtures } from '../decoding/dialect-fixtures.ts'
import { envelopesOfPrograms } from '../decoding/line-envelope-fixtures.ts'

const { decode } = createDispatcher(dialects)

/** More than `JSON.stringify` has stack for. */
const LEVELS = 8_000
const deep = `${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`

/** The line of JSON with a further field. */
const deepened = (line: string) => `${line.slice(0, line.lastIndexOf('}'))},"unmapped":${deep}}`

const lines = Object.values(dialectFixtures)
  .flatMap(fixtures => fixtures.lines ?? [])
  .filter(line => line.startsWith('{'))

/** It was thrown where the fields of an event of OpenShell are compared: the reading of its source ended for good. */
describe('a record that is nested more deeply than the stack', () => {
  it('is undecoded in every dialect, and throws nothing that would end the reading of its source', () => {
    for (const line of lines) {
      const { decoding } = decode({ id: '1', body: deepened(line) })
      expect(decoding).toEqual({ kind: 'undecoded', reason: 'malformed_record' })
    }
  })

  it('is as harmless in every envelope', () => {
    const line = lines.find(each => each.includes('"class_uid"')) as string
    for (const wrap of Object.values(envelopesOfPrograms).flat()) {
      expect(decode({ id: '1', body: wrap(deepened(line)) }).decoding.kind).toBe('undecoded')
    }
  })

  it('is no snapshot of posture', () => {
    expect(valuesOf(deep)).toBeUndefined()
    expect(valuesOf(`{"device":"a","agents":${deep}}`)).toBeUndefined()
    expect(valuesOf(`{"device":"a"}\n{"device":"b","agents":${deep}}`)).toBeUndefined()
  })
})
