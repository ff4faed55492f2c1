import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { signals } from '../../core/signals.ts'
import { consoleTextIn } from '../../decoding/console-text.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { documentReading } from '../../decoding/documents.ts'
import { createOpener, type Envelope, envelopeFields, pathOf } from '../../decoding/envelopes/envelope.ts'
import { envelopes } from '../../decoding/envelopes/registry.ts'
import { dialects } from '../../decoding/registry.ts'
import { nested } from '../../decoding/toolkit/path.ts'
import { dialectFixtures, isOfKernel, isPosture, moves } from './dialect-fixtures.ts'
import { envelopeFixtures } from './envelope-fixtures.ts'
import { envelopesOfPrograms } from './line-envelope-fixtures.ts'
import { filtered, isIncluded } from './source-filter.ts'

type Document = Readonly<Record<string, unknown>>

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Document) => dispatcher.decode({ id: '1', body })
const page = readFileSync(new URL('../../docs/decoders.md', import.meta.url), 'utf8')
const { sourceFields } = documentReading()

/** All that a decoding says but where the record was written, which a shipper may know better. */
function content(body: string | Document) {
  const { decoder, decoding } = decode(body)
  if (decoding.kind !== 'claim') return { decoder, decoding: { ...decoding, origin: undefined } }
  const { origin: _origin, ...claim } = decoding.claim
  return { decoder, claim }
}

/** A comparison by jest for each of many thousand records would take most of the time. */
function expectSame(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected)
}

function expectContent(documents: readonly Document[], line: string): void {
  const expected = content(line)
  for (const document of documents) expectSame(content(document), expected)
}

/** Whether a file source hands the line to the dispatcher. */
const isParsed = (line: string) => [...dispatcher.prefilter].some(text => line.includes(text))
const fixturesOf = (name: string) => dialectFixtures[name] ?? {}
const linesOf = (name: string) => fixturesOf(name).lines ?? []
const isOpenAs = ({ record }: Envelope, kind: 'raw' | 'parsed') => kind in record

function write({ name }: Envelope, line: string): Document {
  const fixture = envelopeFixtures[name]
  if (fixture === undefined) throw new Error(`envelope ${name} has no fixture in test/decoding/envelope-fixtures.ts`)
  return fixture(line)
}

/** The same values with every object but arrays folded into dotted keys. */
function dotted(value: Document, above = ''): Document {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const path = above === '' ? key : `${above}.${key}`
      const leads = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      return leads ? Object.entries(dotted(inner as Document, path)) : [[path, inner]]
    }),
  )
}

/** A record that notes which of its own fields are looked up by name. */
function watched(record: Document, read: Set<string>): Document {
  const note = (key: string | symbol) => {
    if (typeof key === 'string' && Object.hasOwn(record, key)) read.add(key)
  }
  return new Proxy(record, {
    get: (target, key) => {
      note(key)
      return target[String(key)]
    },
    getOwnPropertyDescriptor: (target, key) => {
      note(key)
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
  })
}

/** True where this field of a source filter brings the key at the root of a document, or something below it. */
const isRootOf = (key: string, field: string) => isIncluded(key, [field]) || field.startsWith(`${key}.`)

it('every dialect and every envelope has a name of its own', () => {
  for (const members of [dialects, envelopes]) {
    const names = members.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  }
})

it('no fixtures are left of a dialect or an envelope that is gone', () => {
  const sorted = (names: readonly string[]) => names.toSorted()
  expect({
    dialects: sorted(Object.keys(dialectFixtures)),
    envelopes: sorted(Object.keys(envelopeFixtures)),
  }).toEqual({
    dialects: sorted(dialects.map(({ name }) => name)),
    envelopes: sorted(envelopes.map(({ name }) => name)),
  })
})

it('the source filter brings the fields of every dialect and every envelope', () => {
  const wanted = [...dialects.flatMap(dialect => dialect.sourceFields), ...envelopes.flatMap(envelopeFields)]
  expect(wanted.filter(field => !sourceFields.includes(field))).toEqual([])
})

describe.each(dialects.map(dialect => [dialect.name, dialect] as const))('dialect %s', (name, dialect) => {
  const { lines = [], documents = [] } = fixturesOf(name)
  const all = [...lines, ...documents]

  it('has fixtures in test/decoding/dialect-fixtures.ts, one among them that counts', () => {
    expect(all.some(body => moves(decode(body).decoding))).toBe(true)
    expect(lines.length > 0).toBe(dialect.format !== 'document')
  })

  it('recognises each of its fixtures, and no other dialect takes one', () => {
    expect(new Set(all.map(body => decode(body).decoder))).toEqual(new Set([name]))
  })

  it('recognises no fixture of another dialect, whatever their order', () => {
    const others = dialects.filter(other => other.name !== name && other.format === dialect.format)
    for (const other of others) {
      const { lines: foreign = [], documents: foreignDocuments = [] } = fixturesOf(other.name)
      const records = [
        ...foreign.map(line => (dialect.format === 'text-line' ? line : JSON.parse(line))),
        ...foreignDocuments,
      ]
      expect([other.name, records.filter(record => dialect.recognises(record as never)).length]).toEqual([
        other.name,
        0,
      ])
    }
  })

  it('names in its source fields each field of a record that it reads, whether a claim came of it or not', () => {
    if (dialect.format === 'text-line') return
    const read = new Set<string>()
    for (const body of all) {
      const fields = watched(typeof body === 'string' ? JSON.parse(body) : body, read)
      if (dialect.recognises(fields)) dialect.decode(fields)
    }
    const missing = [...read].filter(key => !dialect.sourceFields.some(field => isRootOf(key, field)))
    expect(missing).toEqual([])
  })

  it('names the signals that its records move, and has a fixture for each', () => {
    const claimed = all.flatMap(body => {
      const { decoding } = decode(body)
      if (decoding.kind === 'claim') return [decoding.claim, ...(decoding.claim.also ?? [])].map(({ signal }) => signal)
      return isPosture(decoding) ? ['posture_drifts'] : []
    })
    expect(new Set(claimed)).toEqual(new Set(dialect.signals))
  })

  it('takes every label from the closed set of its signal', () => {
    for (const body of all) {
      const { decoding } = decode(body)
      if (decoding.kind !== 'claim') continue
      for (const { signal, labels } of [decoding.claim, ...(decoding.claim.also ?? [])]) {
        const closed = signals[signal].labels as Readonly<Record<string, readonly string[] | null>>
        for (const [label, value] of Object.entries(labels))
          expect([label, closed[label]]).toEqual([label, expect.arrayContaining([value])])
      }
    }
  })

  if (dialect.format === 'text-line' && dialect.anyoneWrites) {
    it('claims one refusal at most, of no address, identity or device, as anyone may write its lines', () => {
      const claims = lines.flatMap(line => {
        const { decoding } = decode(line)
        return decoding.kind === 'claim' ? [decoding.claim] : []
      })
      for (const { signal, labels, outcome, count, actor, origin } of claims) {
        if (signal === 'policy_decisions') expect(labels.decision).toBe('deny')
        else expect(['auth_failures', 'auth_lockouts']).toContain(signal)
        expect(['failure', 'denied']).toContain(outcome)
        expect([count, Object.keys(actor)]).toEqual([1, ['addressUnknown']])
        // Its own words for itself: nothing that a record names.
        expect(['subsystem', 'service']).toEqual(expect.arrayContaining(Object.keys(origin)))
      }
      const kinds = new Set(lines.map(line => decode(line).decoding.kind))
      expect(['telemetry_lost', 'certificate'].filter(kind => kinds.has(kind as never))).toEqual([])
    })

    it('is text after which no other record is believed, in each envelope of lines too', () => {
      const held = (line: string) => consoleTextIn(Buffer.from(line), 0, Buffer.byteLength(line), undefined)
      for (const line of lines) {
        expect(held(line)).toBe('bare')
        for (const [envelope, forms] of Object.entries(envelopesOfPrograms)) {
          // It holds lines of the file log only.
          if (envelope === 'openclaw-logs') continue
          const missed = forms.map(wrap => wrap(line)).filter(wrapped => held(wrapped) === undefined)
          expect(missed).toEqual([])
        }
      }
    })

    it('is read also where clients may have written a line', () => {
      for (const line of lines) {
        for (const forgeable of ['bare', 'wrapped'] as const) {
          expect(dispatcher.decode({ id: '1', body: line, forgeable })).toEqual(decode(line))
        }
      }
    })
  }

  it('has a prefilter of ASCII texts that a search can jump by', () => {
    if (dialect.prefilter === 'all') return
    expect(dialect.prefilter.length).toBeGreaterThan(0)
    for (const text of dialect.prefilter) expect(text).toMatch(/^[ -~]{7,}$/)
  })

  it('loses no claim, loss or certificate by its prefilter', () => {
    const { prefilter } = dialect
    if (prefilter === 'all') return
    const lost = lines.filter(line => !prefilter.some(text => line.includes(text)) && moves(decode(line).decoding))
    expect(lost).toEqual([])
  })

  it('has its row and its rules on docs/decoders.md', () => {
    expect(dialect.documentation.reads).not.toBe('')
    expect(page).toContain(`| \`${name}\` | ${dialect.documentation.reads} | `)
    expect(dialect.documentation.samples.from).not.toBe('')
    for (const rule of dialect.documentation.rules) expect(page).toContain(`* ${rule}`)
  })

  if (dialect.format === 'json-line') {
    it('claims the same at the root of a document, nested or with dotted keys, and after the source filter', () => {
      for (const line of lines) {
        const document = JSON.parse(line)
        const withDots = dotted(document)
        const { sourceFields: asked } = dialect
        expectContent([document, withDots, filtered(document, asked), filtered(withDots, asked)], line)
      }
    })
  }

  if (dialect.format === 'document') {
    it('claims the same after the source filter', () => {
      for (const document of documents) {
        expect(content(filtered(document, dialect.sourceFields))).toEqual(content(document))
      }
    })

    it('is asked for no line and for no record in an envelope', () => {
      for (const document of documents) {
        const line = JSON.stringify(document)
        expect(decode(line).decoder).toBe('none')
        for (const envelope of envelopes) expect(decode(write(envelope, line)).decoder).toBe('none')
      }
    })
  }

  if (isOfKernel(dialect)) {
    it('is not believed in an envelope of a program, nor in a field that a source names', () => {
      const { open } = documentReading({ raw: 'a.line' })
      for (const line of lines) {
        const record = line.replace(/^kern {2}:warn {2}: \S+ /, '')
        for (const text of [line, record]) {
          for (const envelope of envelopes.filter(each => isOpenAs(each, 'raw'))) {
            expect(moves(decode(write(envelope, text)).decoding)).toBe(false)
          }
          const body = { a: { line: text } }
          expect(moves(dispatcher.decode({ id: '1', body, ...(open && { open }) }).decoding)).toBe(false)
        }
        expect(moves(decode(record).decoding)).toBe(record === line && moves(decode(line).decoding))
      }
    })
  }

  if (dialect.format !== 'document' && !isOfKernel(dialect)) {
    const fitting = envelopes.filter(envelope => dialect.format === 'json-line' || isOpenAs(envelope, 'raw'))

    it.each(fitting.map(envelope => [envelope.name, envelope] as const))(
      'claims the same in the envelope %s, and after the source filter',
      (_name, envelope) => {
        const asked = envelopeFields(envelope)
        for (const line of lines) {
          const document = write(envelope, line)
          expectContent([document, filtered(document, asked), dotted(document)], line)
        }
      },
    )

    it('claims the same where the source names the field, after the source filter of that source', () => {
      const places = dialect.format === 'json-line' ? [{ raw: 'a.line' }, { parsed: 'an.object' }] : [{ raw: 'a.line' }]
      for (const place of places) {
        const { sourceFields: asked, open } = documentReading(place)
        for (const line of lines) {
          const document = nested({ [pathOf(place)]: 'raw' in place ? line : JSON.parse(line), unasked: line })
          const body = filtered(document, asked)
          expectSame(dispatcher.decode({ id: '1', body, ...(open && { open }) }), decode(line))
          if ('unasked' in body) throw new Error('the source filter brought a field that was not asked for')
        }
      }
    })
  }

  if (dialect.format !== 'document') {
    it('is not undecoded where a text of another dialect is in its own free text', () => {
      const { quiet } = fixturesOf(name)
      if (quiet === 'none: each of its records counts') return
      if (quiet === undefined || dialect.prefilter === 'all') throw new Error(`dialect ${name} has no quiet fixture`)
      const own = dialect.prefilter
      expect(moves(decode(quiet('')).decoding)).toBe(false)
      const others = dialects.filter(other => other.name !== name)
      const texts = others.flatMap(other => [...other.prefilter, ...linesOf(other.name).slice(0, 20)])
      const parsed = texts
        .filter(text => !own.some(part => text.includes(part)))
        .map(quiet)
        .filter(isParsed)
      expect(parsed.length).toBeGreaterThan(0)
      for (const line of parsed) {
        const { decoder, decoding } = decode(line)
        expect([line, decoder, moves(decoding)]).toEqual([line, name, false])
        if (decoding.kind === 'undecoded') expect([line, decoding.reason]).toEqual([line, 'skipped'])
      }
    })
  }

  if (dialect.format === 'json-line' && dialect.documentMark !== undefined) {
    const [outer, inner] = dialect.documentMark

    it('takes every document with its mark, whatever else is in it', () => {
      const others = dialects.flatMap(other => linesOf(other.name).slice(0, 20)).filter(line => line.startsWith('{'))
      for (const line of others) {
        const document = { ...JSON.parse(line), [outer]: { [inner]: 'INFO' } }
        expect(decode(document).decoder).toBe(name)
      }
    })
  }
})

describe.each(envelopes.map(envelope => [envelope.name, envelope] as const))('envelope %s', (name, envelope) => {
  const line = linesOf('openclaw-file').find(text => text.includes('"cause":"unauthorized"')) ?? ''
  const { marks, record } = envelope

  it('has a fixture in test/decoding/envelope-fixtures.ts, in which a record is opened', () => {
    expect(Object.keys(envelopeFixtures)).toContain(name)
    expect(decode(write(envelope, line)).decoder).toBe('openclaw-file')
  })

  it('has two marks or more, at different fields, none of which is its record', () => {
    const paths = marks.map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    expect(paths.length).toBeGreaterThanOrEqual(2)
    expect(paths).not.toContain(pathOf(record))
  })

  it('has marks that no document of another envelope has', () => {
    const opens = createOpener([envelope])
    const taken = envelopes.filter(other => other !== envelope && opens(write(other, line)) !== undefined)
    expect(taken.map(other => other.name)).toEqual([])
  })

  it('is not opened where one of its marks is missing or is another', () => {
    const whole = dotted(write(envelope, line))
    for (const { path, value } of marks) {
      const { [path]: mark, ...rest } = whole
      expect([path, mark === undefined]).toEqual([path, false])
      expect(decode(rest).decoding).toEqual({ kind: 'undecoded', reason: 'unknown_envelope' })
      expect(decode({ ...rest, [path]: null }).decoding).toEqual({ kind: 'undecoded', reason: 'unknown_envelope' })
      if (value === undefined) continue
      const other = { ...rest, [path]: `${value}-of-another` }
      expect(decode(other).decoding).toEqual({ kind: 'undecoded', reason: 'unknown_envelope' })
    }
  })

  it('is not opened of another program, where its writer collects the records of every program', () => {
    const { programs } = envelope
    if (programs === undefined) return
    const whole = dotted(write(envelope, line))
    const named = programs.filter(path => path in whole)
    expect(named).not.toEqual([])
    const others = Object.fromEntries(named.map(path => [path, 'shop']))
    expect(decode({ ...whole, ...others }).decoding).toEqual({ kind: 'undecoded', reason: 'unknown_envelope' })
  })

  it('holds the whole record and nothing else', () => {
    if ('parsed' in record) return
    for (const text of [`x${line}`, `${line}x`, `told: ${line}`, JSON.stringify(line), `[${line}]`]) {
      expect(decode(write(envelope, text)).decoder).toBe('none')
    }
  })

  it('has its row on docs/decoders.md', () => {
    expect(page).toContain(`| \`${name}\` | ${envelope.documentation.writtenBy} |`)
  })
})
