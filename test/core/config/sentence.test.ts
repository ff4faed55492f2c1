import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { configSchema } from '../../../cli/config-schema.ts'
import { parseConfig } from '../../../core/config/parse.ts'
import { byteSize, duration, listenAddress, secret, text, wholeNumber } from '../../../core/config/schema.ts'
import { keysOf, lengthsOf, unwrap } from '../../../core/config/shape.ts'

const sentences = (schema: z.ZodType, key: unknown) => {
  const result = parseConfig(z.strictObject({ key: schema }), JSON.stringify({ key }), 'f.yml')
  return result.ok ? [] : result.problems.map(({ sentence }) => sentence)
}

/** Every key of the real configuration, whose sentence says what is wrong with a value of it. */
const allKeys = Array.from(keysOf(configSchema), ({ key, schema }) => [key, schema as z.ZodType] as const)

/** What a part of a sentence says of a type; none where it names a value. */
function typesIn(words: string): string[] {
  const names = {
    list: /\ba list\b/,
    map: /\ba map\b/,
    text: /^(?:a )?text\b/,
    'whole number': /\ba whole number\b/,
    number: /^a number\b/,
    boolean: /^a boolean\b/,
  }
  return Object.entries(names).flatMap(([name, form]) => (form.test(words) ? [name] : []))
}

/** The two sides of `must be …, but is …`, without what to do. */
function sidesOf(sentence: string): readonly [string, string] | undefined {
  const found = /must be (.*), but is ([^;]*)/s.exec(sentence)
  return found === null ? undefined : [found[1] ?? '', found[2] ?? '']
}

describe('a sentence about a wrong value', () => {
  it('never says the same type of what is expected and of what was found, whatever the key and the value', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>([], {}, '', null, [[]], [{}], [''], [null], { a: [] }, 0, -1, 1.5, 1e300, true),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...allKeys), value, ([, schema], value) => {
        for (const sentence of sentences(schema, value)) {
          const sides = sidesOf(sentence)
          if (sides === undefined) continue
          const [wanted, found] = sides.map(typesIn)
          expect([sentence, found?.filter(type => wanted?.includes(type))]).toEqual([sentence, []])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('says of a list that is too long how long it may be, whatever the key', () => {
    const bounded = allKeys.flatMap(([key, schema]) => {
      const core = unwrap(schema)
      const greatest = core instanceof z.ZodArray ? lengthsOf(core).greatest : Number.POSITIVE_INFINITY
      return Number.isFinite(greatest) ? [{ key, schema, greatest }] : []
    })
    expect(bounded.length).toBeGreaterThan(0)
    for (const { key, schema, greatest } of bounded) {
      const items = greatest + 1
      const said = sentences(
        schema,
        Array.from({ length: items }, () => null),
      )
      expect([key, said]).toEqual([
        key,
        expect.arrayContaining([`key has ${items} items; at most ${greatest} are possible`]),
      ])
    }
  })

  it('says of an empty list, map and text that it is empty, never what type it has', () => {
    for (const [, schema] of allKeys) {
      for (const empty of [[], '']) {
        for (const sentence of sentences(schema, empty)) {
          if (!/^key (?:is|must)/.test(sentence)) continue
          expect(sentence).toMatch(/^key is empty; it must be \S|^key is missing/)
        }
      }
    }
  })

  it.each<[string, z.ZodType, unknown, string]>([
    ['an empty list', z.array(text()).min(1), [], 'key is empty; it must be a list with at least one item'],
    ['a list that is too long', z.array(text()).max(1), ['a', 'b'], 'key has 2 items; at most 1 are possible'],
    ['an empty text', text(), '', 'key is empty; it must be text'],
    ['an empty secret', secret(), '', 'key is empty; it must be text'],
    ['an empty number', wholeNumber(1, 3), '', 'key is empty; it must be a whole number from 1 to 3'],
    [
      'a text in place of a list',
      z.array(text()),
      'a',
      'key must be a list, but is text; write it as a list: put a dash (- ) before each item, or square brackets around all',
    ],
    ['a list in place of a text', text(), ['a'], 'key must be text, but is a list; remove the dash or the brackets'],
    ['a map in place of a text', text(), { a: 1 }, 'key must be text, but is a map with the key a'],
    [
      'a number in quotes',
      wholeNumber(1, 30),
      '20',
      'key must be a whole number from 1 to 30, but is "20"; remove the quotes',
    ],
    ['a boolean in quotes', z.boolean(), 'true', 'key must be true or false, but is "true"; remove the quotes'],
    ['a number in place of a secret', secret(), 5, 'key must be text, but is a number; put it in quotes'],
    ['an unquoted version', z.array(text()), [1.1], 'key[0] must be text, but is the number 1.1; put it in quotes'],
    ['a duration with words', duration(0, 1e9), '5 min', 'did you mean "5m"?'],
    ['a duration without a unit', duration(0, 1e9), 5, 'did you mean "5s"?'],
    ['a duration without a unit, as text', duration(0, 1e9), '5', 'did you mean "5s"?'],
    ['a duration with a small range', duration(0, 600_000), 'x', 'from 0s to 10m, such as 30s or 5m, but is "x"'],
    ['a duration of two parts', duration(0, 1e9), '1 hour 30 minutes', 'did you mean "1h30m"?'],
    ['a size in decimal units', byteSize(), '10MB', 'did you mean "10MiB"?'],
    ['an IPv6 address without brackets', listenAddress(), '::1:9847', 'did you mean "[::1]:9847"?'],
    ['an address with a scheme', listenAddress(), 'http://127.0.0.1:9847/', 'did you mean "127.0.0.1:9847"?'],
    ['a port out of range', listenAddress(), '127.0.0.1:99999', 'but is "127.0.0.1:99999"'],
    ['brackets around nonsense', listenAddress(), '[1.2]:80', 'but is "[1.2]:80"'],
    ['an enum in capitals', z.enum(['info', 'warn']), 'INFO', 'did you mean "info"?'],
    ['an enum spelled out', z.enum(['info', 'warn']), 'warning', 'did you mean "warn"?'],
    ['typographic quotes', z.enum(['info', 'warn']), '\u201cinfo\u201d', 'remove the typographic quotes'],
    ['an invisible character', z.enum(['info']), 'in\u200bfo', 'but is "in\\u200bfo"'],
  ])('is right for %s', (_, schema, value, sentence) => {
    expect(sentences(schema, value).join('\n')).toContain(sentence)
  })

  it('never suggests what is not valid', () => {
    expect(sentences(duration(1_000, 2_000), '5 min')).toEqual(['key must be a duration from 1s to 2s, but is "5 min"'])
  })

  it('never shows a secret, not even in a suggestion', () => {
    for (const value of [['hunter2'], { hunter: 'hunter2' }, 'hunter2']) {
      expect(sentences(secret(), value).join('')).not.toContain('hunter2')
    }
  })
})

describe('a sentence about an unknown key', () => {
  const sentence = (yaml: string) => {
    const result = parseConfig(configSchema, yaml, 'f.yml')
    return result.ok ? '' : result.problems.map(({ sentence }) => sentence).join('\n')
  }

  it.each([
    ['sources: []', 'sources is not a known key; sources belongs under exporter'],
    ['exporter: { log: {} }', 'exporter.log is not a known key; log belongs at the root of the file'],
    ['remediation: { sources: [] }', 'remediation.sources is not a known key; sources belongs under exporter'],
    ['exporter: { mode: enforce }', 'exporter.mode is not a known key; mode belongs under remediation'],
    [
      'source: []',
      'source is not a known key; did you mean "sources", which belongs under exporter or under compliance.expected?',
    ],
    ['exporter: { listenAddress: ":1" }', 'did you mean "listen_address"?'],
    ['exporter: { Sources: [] }', 'did you mean "sources"?'],
    ['exporter:\n  sources:\n  -type: file', 'write a space between the dash and type'],
    ['log:\n\u00a0\u00a0level: info', 'invisible character beside level'],
    ['"": 1', '[""] is a key without a name; write a word before the colon'],
    [
      'a: 1',
      'a is not a known key; known here: log, trust_zones, posture, identities, identity_roles, web, exporter, remediation',
    ],
  ])('helps with %j', (yaml, words) => {
    expect(sentence(yaml)).toContain(words)
  })

  it('finds the place of every key that has only one, from the root', () => {
    const names = Map.groupBy(allKeys, ([key]) => key.slice(key.lastIndexOf('.') + 1))
    const roots = Object.keys(configSchema.shape)
    for (const [name, [place, ...more]] of names) {
      if (roots.includes(name) || name === '<name>' || more.length > 0) continue
      const said = sentence(`${name}: x`)
      // A section of a similar name may be meant as well.
      if (said.includes('did you mean')) continue
      expect([place?.[0], said]).toEqual([place?.[0], expect.stringContaining(`${name} belongs `)])
    }
  })
})
