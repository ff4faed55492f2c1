import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonical, uuidOf } from '../../../compliance/model/digest.ts'
import type { Json } from '../../../service/state/state.ts'

it('the canonical form is JSON of the same value, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const plain = JSON.parse(JSON.stringify(value)) as Json
      const text = canonical(plain)
      expect(JSON.parse(text)).toEqual(plain)
      expect(canonical(JSON.parse(text))).toBe(text)
    }),
  )
  expect(canonical({ b: 1, a: [1e21, -0, 'é\u0007'] })).toBe(canonical({ a: [1e21, 0, 'é\u0007'], b: 1 }))
})

it('the canonical form has a replacement for half of a pair of surrogates', () => {
  expect(canonical({ 'a\ud800': ['\udfff', '💥'] })).toBe('{"a\ufffd":["\ufffd","💥"]}')
})

it('a UUID is that of RFC 9562, version 5', () => {
  // As Python's uuid.uuid5(uuid.NAMESPACE_DNS, 'www.example.com') says.
  expect(uuidOf('www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
})
