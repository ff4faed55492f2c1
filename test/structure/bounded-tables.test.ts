import { describe, expect, it } from '@jest/globals'
import { read, repositoryFiles } from './source-files.ts'

/** What keeps a collection from growing with what is read. */
type Bound =
  /** A constant, a parameter or a field that the file names: the most entries. */
  | { readonly most: string }
  /** Emptied by each commit, which takes what has changed. */
  | 'commit'
  /** What it holds leaves it by its time: events of a window, minutes that are open, what waits. */
  | 'time'
  /** Its keys are of closed sets: the configuration, the catalogue, the dialects. */
  | 'closed'
  /** One for each entry of another table, which is bounded, and removed with it. */
  | { readonly of: string }
  /** Files that there are, or that the state holds of those that were. */
  | 'files'
  /** It lives for one batch, page, request or turn. */
  | 'brief'

type Fields = Readonly<Record<string, Bound>>

const most = (name: string): Bound => ({ most: name })
const of = (table: string): Bound => ({ of: table })

const MINUTES = 'exporter/pipeline/series-table.ts #all'
const SCORING = 'exporter/detection/scoring.ts #all'
const PENDING = 'exporter/pipeline/pending-observations.ts #byGateway'

/** Every collection that a class of the exporter holds, by its file. */
const bounds: Readonly<Record<string, Fields>> = {
  'exporter/engine.ts': { '#overflows': 'closed' },
  'exporter/source-reader.ts': { '#reported': most('MAX_REPORTED') },
  'exporter/detection/backfill-queue.ts': { '#waiting': of(SCORING), '#queued': of(SCORING) },
  'exporter/detection/key-journal.ts': { '#minutes': most('KeyBudget'), '#changed': 'commit' },
  'exporter/detection/score-metrics.ts': { '#rows': of(SCORING), '#explained': of(SCORING) },
  'exporter/detection/scoring.ts': {
    '#series': of(SCORING),
    '#byZone': of(SCORING),
    '#byKey': of(SCORING),
    '#all': most('seriesLimit'),
    '#overflow': of(MINUTES),
    '#snapshots': of(SCORING),
    '#keysChanged': 'commit',
    '#keys': of(SCORING),
    '#superseded': 'commit',
  },
  'exporter/detection/series-scoring.ts': { '#waiting': 'time' },
  'exporter/detection/feedback/feedback-store.ts': { '#held': most('MAX_POSTED') },
  'exporter/detection/model/entity/largest.ts': { '#items': most('#size') },
  'exporter/detection/model/series/lite-scorer.ts': { '#open': most('#capacity') },
  'exporter/detection/model/state/layout.ts': { '#initial': 'closed', '#rooms': 'closed' },
  'exporter/detection/model/state/recency-table.ts': { '#oldest': 'closed' },
  'exporter/detection/model/state/scorer-state.ts': {
    '#large': 'closed',
    warmUps: 'closed',
    holdOff: 'closed',
    newest: 'closed',
  },
  'exporter/enrichment/offender-facts.ts': { '#known': of('exporter/pipeline/offenders.ts #shown'), '#inUse': 'files' },
  'exporter/pipeline/address.ts': { '#known': most('ADDRESS_CAPACITY') },
  'exporter/pipeline/approval-steps.ts': {
    '#waiting': of('exporter/pipeline/approvals.ts #byGateway'),
    '#open': 'time',
    '#all': 'brief',
    '#byKey': 'brief',
    '#taken': 'brief',
  },
  'exporter/pipeline/approvals.ts': { '#byGateway': most('#capacity'), '#changed': 'commit' },
  'exporter/pipeline/backfill.ts': { '#bySource': 'closed', '#cursor': 'files', '#moved': 'commit' },
  'exporter/pipeline/certificates.ts': { '#seen': most('CAPACITY') },
  'exporter/pipeline/closed-minutes.ts': { '#single': most('MAX_SINGLE') },
  'exporter/pipeline/counted-keys.ts': {
    '#table': most('MAX_KEYS'),
    '#added': 'commit',
    '#pieces': 'time',
    '#forgotten': 'commit',
  },
  'exporter/pipeline/derived-gateways.ts': { '#byName': most('capacity'), '#changed': 'commit', '#advanced': 'commit' },
  'exporter/pipeline/earlier-rows.ts': { '#obsolete': 'commit' },
  'exporter/pipeline/first-seen.ts': { '#byGateway': most('#capacity') },
  'exporter/pipeline/gateways.ts': { '#young': most('#generation'), '#old': most('#generation') },
  'exporter/pipeline/guards.ts': { '#watched': most('CAPACITY'), '#changed': 'commit' },
  'exporter/pipeline/last-events.ts': { '#tree': 'closed', '#all': 'closed' },
  'exporter/pipeline/levels.ts': { '#ends': 'closed' },
  'exporter/pipeline/losses.ts': { '#minutes': most('MINUTE_CAPACITY'), '#changed': 'commit' },
  'exporter/pipeline/minute-series.ts': { '#open': 'time', '#changed': 'commit', '#all': 'time' },
  'exporter/pipeline/minutes.ts': {
    '#contributingSourcesOf': of(MINUTES),
    '#watermarks': 'closed',
    '#touched': 'commit',
  },
  'exporter/pipeline/offenders.ts': {
    '#entries': most('CAPACITY'),
    '#hosts': most('CAPACITY'),
    '#all': most('CAPACITY'),
    '#shown': most('CAPACITY'),
  },
  'exporter/pipeline/pairing.ts': { '#hashers': most('MAX_HASHERS') },
  'exporter/pipeline/pending-minute.ts': { '#kinds': of(PENDING), '#all': of(PENDING) },
  'exporter/pipeline/pending-observations.ts': { '#byGateway': most('capacity') },
  'exporter/pipeline/recent-events.ts': { '#ring': most('#capacity') },
  'exporter/pipeline/recent-hosts.ts': { '#hosts': most('#capacity') },
  'exporter/pipeline/recognition.ts': {
    '#incomplete': most('MAX_REMEMBERED'),
    '#dialects': 'closed',
    '#states': most('MAX_REMEMBERED'),
  },
  'exporter/pipeline/repeated-forms.ts': { '#young': most('#generation'), '#old': most('#generation') },
  'exporter/pipeline/series-handles.ts': { '#handles': most('HANDLE_CAPACITY') },
  'exporter/pipeline/series-positions.ts': { '#moved': 'commit', '#advanced': 'commit', '#restored': 'brief' },
  'exporter/pipeline/series-table.ts': { '#tree': 'closed', '#groups': 'closed', '#all': most('#limit') },
  'exporter/pipeline/source-metrics.ts': { '#tree': 'closed', '#all': 'closed' },
  'exporter/pipeline/source-sets.ts': { '#byName': 'closed' },
  'exporter/pipeline/source-state.ts': { '#saved': 'brief', '#moved': 'commit' },
  'exporter/pipeline/spray.ts': { '#byGateway': most('#capacity') },
  'exporter/pipeline/timed-rows.ts': { '#buckets': most('capacity'), '#changed': 'commit' },
  'exporter/pipeline/tunnels.ts': { '#seen': most('CAPACITY') },
  'exporter/pipeline/uncommitted-changes.ts': { '#tree': 'commit', '#all': 'commit' },
  'exporter/pipeline/versions.ts': { '#watched': most('CAPACITY'), '#forgotten': 'commit' },
  'exporter/pipeline/waiting-events.ts': {
    '#last': 'closed',
    '#index': 'time',
    '#until': 'time',
    '#times': 'time',
    '#templates': 'time',
    '#variables': 'time',
    '#pieceOf': 'time',
    '#free': 'time',
    '#bySecond': 'time',
    '#byMinute': 'time',
    '#byReason': 'closed',
    '#interned': most('MAX_TEMPLATES'),
    '#unsaved': 'commit',
    '#pieces': 'time',
    '#touched': 'time',
  },
  'exporter/pipeline/watched-guard.ts': {
    sources: most('MAX_SOURCES'),
    '#troubles': most('MAX_PARTS'),
    '#acts': 'time',
  },
  'exporter/pipeline/watched-since.ts': {
    '#sources': 'closed',
    '#gateways': of(MINUTES),
    '#bringing': 'closed',
    '#saved': 'closed',
    '#changed': 'commit',
  },
  'exporter/pipeline/identities/exposed-identities.ts': {
    '#counts': of('exporter/pipeline/identities/identity-table.ts #rows'),
    '#samples': of('exporter/pipeline/identities/identity-table.ts #rows'),
  },
  'exporter/pipeline/identities/identity-table.ts': {
    '#rows': most('#capacity'),
    '#byId': most('#capacity'),
    '#byName': most('#capacity'),
    '#sizes': 'closed',
    '#changed': 'commit',
  },
  'exporter/pipeline/identities/observations.ts': { '#held': most('CAPACITY'), '#changed': 'commit' },
  'exporter/pipeline/posture/acceptances.ts': { '#entries': most('MAX_ACCEPTANCES') },
  'exporter/pipeline/posture/configuration-edits.ts': { '#writes': most('CAPACITY') },
  'exporter/pipeline/posture/devices.ts': { '#held': most('MAX_DEVICES'), '#changed': 'commit' },
  'exporter/pipeline/posture/exposed-devices.ts': {
    '#counts': of('exporter/pipeline/posture/devices.ts #held'),
    '#named': of('exporter/pipeline/posture/devices.ts #held'),
  },
  'exporter/pipeline/posture/exposed-posture.ts': { '#samples': of('exporter/pipeline/posture/posture.ts #subjects') },
  'exporter/pipeline/posture/posture.ts': { '#subjects': most('MAX_SUBJECTS'), '#changed': 'commit' },
  'exporter/pipeline/versions/product-log.ts': {
    '#versions': most('MAX_VERSIONS'),
    '#reports': most('MAX_VERSIONS'),
    '#pending': most('MAX_PENDING_HOURS'),
  },
  'exporter/pipeline/versions/version-minutes.ts': { '#signals': 'closed', '#templates': most('#maxTemplates') },
  'exporter/sources/elasticsearch/closed-minutes.ts': { '#documents': 'time' },
  'exporter/sources/elasticsearch/gateways.ts': { '#names': 'files' },
  'exporter/sources/elasticsearch/minute-accounts.ts': { '#surplus': 'time' },
  'exporter/sources/elasticsearch/records.ts': { '#known': 'brief', '#recognised': 'brief' },
  'exporter/sources/elasticsearch/window-plan.ts': { '#rest': 'brief' },
  'exporter/sources/file/ancestors.ts': {
    lost: 'brief',
    forgettable: 'commit',
    '#saved': 'files',
  },
  'exporter/sources/file/compressed-files.ts': { '#measured': 'files', '#passedOver': 'files', '#found': 'files' },
  'exporter/sources/file/containers.ts': { '#decisions': 'files' },
  'exporter/sources/file/content.ts': { '#window': 'brief' },
  'exporter/sources/file/copies.ts': { '#doubted': 'brief' },
  'exporter/sources/file/decoding/decoding-thread.ts': { '#waiting': 'brief' },
  'exporter/sources/file/decoding/packed-lines.ts': { '#remembered': most('RECENT_RESTS') },
  'exporter/sources/file/edited.ts': { '#notices': 'brief' },
  'exporter/sources/file/file-set.ts': {
    tracked: 'files',
    '#saved': 'files',
    troubles: 'brief',
    notices: 'brief',
    '#aside': 'files',
  },
  'exporter/sources/file/forgeable-paths.ts': { '#texts': most('MAX_FORGEABLE_PATHS') },
  'exporter/sources/file/gone.ts': { '#gone': most('MAX_GONE'), '#forgettable': 'commit' },
  'exporter/sources/file/read-ahead.ts': { '#free': most('BUFFERS'), '#ahead': most('BUFFERS') },
  'exporter/sources/file/rotations.ts': { '#begun': 'brief', '#linked': 'brief' },
  'exporter/sources/file/source.ts': { '#troubles': 'files', '#notices': 'files' },
  'exporter/sources/file/tracked-file.ts': { differsFrom: 'files' },
  'exporter/sources/otlp/deliveries.ts': { '#waiting': most('MAX_WAITING_BYTES') },
  'exporter/sources/otlp/intake.ts': { records: 'brief' },
  'exporter/sources/otlp/record-ids.ts': { '#seen': 'brief' },
  'exporter/sources/posture/file-input.ts': { '#read': 'files' },
  'exporter/sources/recent-ids/id-table.ts': { '#forgottenAt': most('MINUTE_SPAN'), '#parts': most('PARTS') },
  'exporter/sources/recent-ids/recent-ids.ts': { '#table': 'time', '#minutes': 'time', '#changed': 'commit' },
  'exporter/web/stats/days.ts': { '#byLabels': 'closed', '#rows': 'closed' },
  'exporter/web/stats/last-hour.ts': { '#reasons': most('MAX_REASONS'), '#all': 'closed' },
  'exporter/web/stats/usual-hours.ts': { '#hours': most('MAX_HOURS'), '#countedFrom': of(MINUTES) },
  'exporter/web/stats/zone-hour.ts': { '#named': most('NAMED_GATEWAYS') },
}

const KINDS = 'Map|Set|LabelTree|BoundedMap|ExpiringKeyTable|IdTable|Top'
/** A field of a class that is a collection which can grow, by its type or by its first value. */
const FIELD = new RegExp(
  `^  (?:readonly )?(#?\\w+)(?:: (?!readonly |Readonly|Record)(?:(?:${KINDS})<|(?:\\([^=()]*\\)|[^=(]*)\\[\\]).*|(?:: [^=(]+)? = (?:new (?:${KINDS})\\b|\\[\\]|Array\\.from).*)`,
)

/** The collections that the classes of a text hold; two classes of one file may name one alike. */
function collectionsIn(text: string): readonly string[] {
  const found = new Set<string>()
  let isInClass = false
  for (const line of text.split('\n')) {
    if (/^(?:export )?class /.test(line)) isInClass = true
    else if (line.startsWith('}')) isInClass = false
    const field = isInClass ? FIELD.exec(line)?.[1] : undefined
    if (field !== undefined) found.add(field)
  }
  return [...found]
}

const files = repositoryFiles().filter(path => /^exporter\/.*\.ts$/.test(path))

describe('a collection that a class of the exporter holds', () => {
  it('has a bound, so that memory does not grow with what is read', () => {
    const held = files.flatMap(path => collectionsIn(read(path)).map(field => `${path} ${field}`))
    const known = Object.entries(bounds).flatMap(([path, fields]) => Object.keys(fields).map(name => `${path} ${name}`))
    expect(held.length).toBeGreaterThan(100)
    expect(held.filter(field => !known.includes(field))).toEqual([])
    expect(known.filter(field => !held.includes(field))).toEqual([])
  })

  it('is bounded by what its file names, or by a table that is', () => {
    const unknown = Object.entries(bounds).flatMap(([path, fields]) =>
      Object.entries(fields).flatMap(([field, bound]) => {
        if (typeof bound === 'string') return []
        const [file = '', table = ''] = 'of' in bound ? bound.of.split(' ') : []
        const isKnown =
          'most' in bound
            ? new RegExp(`(?<!\\w)${bound.most}\\b`).test(read(path))
            : bounds[file]?.[table] !== undefined
        return isKnown ? [] : [`${path} ${field}: ${JSON.stringify(bound)}`]
      }),
    )
    expect(unknown).toEqual([])
  })

  it.each([
    '  readonly #held = new Map<string, Held>()',
    '  #all: Entry[] = []',
    '  readonly #tree: LabelTree<Sample>',
    '  #open: Map<number, number> | undefined',
    '  readonly names: string[]',
    '  readonly #places: (Place | undefined)[] = []',
  ])('would be found in %j', line => {
    expect(collectionsIn(`class Table {\n${line}\n}`)).toHaveLength(1)
  })

  it.each(['  readonly #rules: readonly Rule[]', '  readonly #read: (rows: readonly Row[]) => void', '  #size = 0'])(
    'is not %j',
    line => {
      expect(collectionsIn(`class Table {\n${line}\n}`)).toHaveLength(0)
    },
  )
})
