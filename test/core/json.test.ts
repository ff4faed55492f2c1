import { expect, it } from '@jest/globals'
import { parseJson } from '../../core/json.ts'

it('a text that is not JSON gives undefined, and JSON gives its value', () => {
  expect(['{', '', 'undefined', 'NaN'].map(parseJson)).toEqual([undefined, undefined, undefined, undefined])
  expect(['null', '0', '{"a":[1]}'].map(parseJson)).toEqual([null, 0, { a: [1] }])
})
