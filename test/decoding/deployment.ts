import { createDispatcher } from '../../decoding/dispatch.ts'
import { envelopes } from '../../decoding/envelopes/registry.ts'
import { dialects } from '../../decoding/registry.ts'
import type { Fields } from '../../decoding/toolkit/fields.ts'
import { dialectFixtures, isOfKernel } from './dialect-fixtures.ts'
import { envelopeFixtures } from './envelope-fixtures.ts'
import { realLines, realSecurityEvents, syntheticSecurityEvents } from './fixtures.ts'
import { asConsoleLine, asOtelLine, asPlainConsoleLine } from './layouts.ts'
import { securityEventForms } from './security-event-forms.ts'

/** What one program has written, as its shippers store it: each record once, in each of its forms in turn. */
export interface Part {
  readonly dialect: string
  readonly documents: readonly Fields[]
}

type Lay = (line: string) => Fields

/** The hour into which every time is moved, whatever its form, so that all is of one day and one clock. */
const HOUR = '2026-11-30T12'
const HOUR_S = Date.parse(`${HOUR}:00:00Z`) / 1_000

/** At the root, but for records with a text in the place of the object `event` of a shipper: an index refuses them. */
const parsed: Lay = line => {
  const fields = JSON.parse(line)
  return typeof fields.event === 'string' ? (envelopeFixtures['otel-structured']?.(line) ?? {}) : fields
}
const inEnvelope = (kind: 'raw' | 'parsed'): readonly Lay[] =>
  envelopes.filter(({ record }) => kind in record).flatMap(({ name }) => envelopeFixtures[name] ?? [])
/** A journal says of an entry that the kernel wrote it. */
const ofKernel: Lay = line => ({
  ...envelopeFixtures.journald?.(line.replace(/^(?:kern {2}:\w+ {0,2}: )?\S+ (?:\S+ kernel: )?/, '')),
  _TRANSPORT: 'kernel',
})

const forms: Readonly<Record<string, readonly Lay[]>> = {
  'json-line': [parsed, ...inEnvelope('raw'), ...inEnvelope('parsed')],
  'text-line': inEnvelope('raw'),
}

/** Fewer records of OpenClaw's own log than its fixtures have: those of the capture that was counted by hand. */
const ownRecords: Readonly<Record<string, readonly string[]>> = {
  'openclaw-file': realLines,
  'openclaw-console': realLines.map(asConsoleLine),
  'openclaw-otel': realLines.map(line => asOtelLine(line, true)),
  'openclaw-plain-console': realLines.flatMap(line => asPlainConsoleLine(line) ?? []),
}

function documentsOf(name: string): readonly Fields[] {
  const dialect = dialects.find(each => each.name === name)
  if (dialect === undefined) throw new Error(`no dialect is named ${name}`)
  if (name === 'security-event') {
    const lays = Object.values(securityEventForms)
    const events = [
      ...realSecurityEvents.map(line => JSON.parse(line).event),
      ...syntheticSecurityEvents.map(line => JSON.parse(line)),
    ]
    return events.map((event, number) => (lays[number % lays.length] as (event: Fields) => Fields)(event))
  }
  const { lines = [], documents = [] } = dialectFixtures[name] ?? {}
  const lays = isOfKernel(dialect) ? [ofKernel] : (forms[dialect.format] ?? [])
  const laid = (ownRecords[name] ?? lines).map((line, number) => (lays[number % lays.length] as Lay)(line))
  return [...laid, ...documents]
}

const dispatcher = createDispatcher(dialects)
const withMark = new Set(dialects.flatMap(dialect => ('documentMark' in dialect ? [dialect.name] : [])))
/** Fixtures have records that are undecoded on purpose, and a real log has lines of no event: they are left out. */
function isToBeCounted(name: string, document: Fields): boolean {
  const { kind } = dispatcher.decode({ id: '1', body: document }).decoding
  // Of dialects with such a mark, what has no text of the prefilter is not even read.
  if (kind !== 'no_signal' || !withMark.has(name)) return kind !== 'undecoded'
  const written = JSON.stringify(document)
  return dispatcher.prefilter === 'all' || dispatcher.prefilter.some(text => written.includes(text))
}

/** Every program that a dialect is for, once. */
export const deployment: readonly Part[] = dialects.map(({ name }) => ({
  dialect: name,
  documents: documentsOf(name)
    .map(inOneHour)
    .filter(document => isToBeCounted(name, document)),
}))

/** With minutes and seconds as they were. */
function inOneHour(document: Fields): Fields {
  const moved = JSON.stringify(document)
    .replaceAll(/\b20\d\d-\d\d-\d\d([T ])\d\d(?=:\d\d)/g, (_, separator) => HOUR.replace('T', separator))
    .replaceAll(/\b20\d\d\/\d\d\/\d\d \d\d(?=:\d\d)/g, HOUR.replace('T', ' ').replaceAll('-', '/'))
    .replaceAll(/\b\d\d\/Nov\/20\d\d:\d\d(?=:\d\d)/g, '30/Nov/2026:12')
    .replaceAll(/\b(179[56]\d{6})(?=(?:\d{3}|\d{6})?\b)/g, seconds => String(HOUR_S + (Number(seconds) % 3_600)))
  return JSON.parse(moved)
}
