import type { Client } from '@elastic/elasticsearch'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { documentReading, type EnvelopeChoice } from '../../../decoding/documents.ts'
import { envelopeFields } from '../../../decoding/envelopes/envelope.ts'
import { envelopes } from '../../../decoding/envelopes/registry.ts'
import { dialects } from '../../../decoding/registry.ts'
import { MAX_FLOWS } from '../../model/observed-flow.ts'
import type { FlowHistory } from '../history.ts'
import type { TimeSlices } from '../time-slices.ts'
import { readLayouts, type TupleLayout, type TuplePlace } from './fields.ts'
import { withSearches } from './searches.ts'
import { declareLoss, declareUnparsed, surveyLayout } from './survey.ts'
import { readTuples } from './tuples.ts'

/** Documents of a configured source. */
export interface HistorySource {
  readonly name: string
  readonly index: readonly string[]
  readonly envelope?: EnvelopeChoice | undefined
  /** The date field with the ingestion time, where documents have no time of their own that is mapped. */
  readonly cursorField: string
}

/**
 * Tuples of one answer. Each page reads all documents again, so that a page is as large as its answer may be; the server
 * allows 65,536 (`search.max_buckets`).
 */
const PAGE = 10_000

export interface HistoryReading {
  readonly client: Client
  readonly slices: TimeSlices
  readonly signal: AbortSignal
  /** Tuples of one answer. Default: 10,000. */
  readonly page?: number
  /** Tuples of one source and slice of time; with more it is refused. Default: 200,000. */
  readonly most?: number
  /** A sentence on what is being done. */
  readonly progress: (doing: string) => void
}

/**
 * Adds the flows of a source to a history, by distinct tuples: the answers grow with these and not with the documents,
 * which stay in Elasticsearch.
 */
export async function readHistory(
  source: HistorySource,
  history: FlowHistory,
  { client, slices, signal, progress, page = PAGE, most = MAX_FLOWS }: HistoryReading,
): Promise<void> {
  const { name, index, envelope } = source
  const fallbackTimes = ['@timestamp', source.cursorField]
  const { layouts, time } = await readLayouts(client, index, placesOf(envelope), fallbackTimes)
  const reading = documentReading(envelope)
  const dispatcher = createDispatcher(dialects, { withAccess: true })
  const surveying = { history, source: name, dispatcher, reading }
  for (const layout of layouts) {
    await withSearches(client, layout.index, signal, async searches => {
      progress(`${name}: documents of ${layout.dialect} by hour`)
      const { documents, lists } = await surveyLayout(searches, layout, surveying)
      await declareLoss(searches, layout, surveying)
      if (documents === 0) return
      const sourceFields = sampleFields(layout, envelope)
      for (const ranges of slices.ranges) {
        await readTuples(
          searches,
          {
            index,
            layout,
            lists,
            sourceFields,
            open: reading.open,
            dispatcher,
            page,
            most,
            progress: tuples => progress(`${name}: ${tuples} tuples of ${documents} documents of ${layout.dialect}`),
          },
          ranges,
          history,
        )
      }
    })
  }
  if (time !== undefined) {
    await withSearches(client, index, signal, searches => declareUnparsed(searches, time, layouts, surveying))
  }
  if (!history.coverage.sources.includes(name)) {
    history.declare({
      kind: 'empty',
      sentence: `${name} has no flow and no access in the window: ${index.join(',')} has no document of ${layoutsWords(layouts.length)}`,
    })
  }
}

const layoutsWords = (layouts: number): string =>
  layouts === 0 ? `any dialect of flows, whose fields are not mapped there (${marksOfAll})` : 'a dialect of flows then'

const ofFlows = dialects.flatMap(({ name, tuple }) => (tuple === undefined ? [] : [{ dialect: name, tuple }]))

const marksOfAll = ofFlows.map(({ dialect, tuple }) => `${dialect}: ${tuple.marks.join(', ')}`).join('; ')

/** Where shippers put what they have parsed: at the root, or in the field of an envelope. */
function placesOf(envelope: EnvelopeChoice | undefined): readonly TuplePlace[] {
  return prefixesOf(envelope).flatMap(prefix => ofFlows.map(one => ({ ...one, prefix })))
}

function prefixesOf(envelope: EnvelopeChoice | undefined): readonly string[] {
  const all = envelopes.flatMap(({ name, record }) =>
    'parsed' in record ? [{ name, prefix: `${record.parsed}.` }] : [],
  )
  if (envelope === undefined) return [...new Set(['', ...all.map(({ prefix }) => prefix)])]
  if (typeof envelope !== 'string') return 'parsed' in envelope ? ['', `${envelope.parsed}.`] : ['']
  return ['', ...all.filter(({ name }) => name === envelope).map(({ prefix }) => prefix)]
}

/** What a sample must have to be decoded. */
function sampleFields({ dialect, prefix }: TupleLayout, envelope: EnvelopeChoice | undefined): readonly string[] {
  const { sourceFields = [] } = dialects.find(({ name }) => name === dialect) ?? {}
  if (prefix === '') return sourceFields
  const marksOfEnvelopes = envelopes.flatMap(one =>
    envelope === undefined ? envelopeFields(one).filter(isNotWhole) : [],
  )
  return [...sourceFields.map(field => prefix + field), ...marksOfEnvelopes]
}

/** The whole record of an envelope would come with it. */
const parsedPlaces = new Set(envelopes.flatMap(({ record }) => ('parsed' in record ? [record.parsed] : [])))
const isNotWhole = (field: string): boolean => !parsedPlaces.has(field)
