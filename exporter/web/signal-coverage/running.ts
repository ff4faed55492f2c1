import type { Source } from '../../contracts/source.ts'
import { incompleteSentence } from '../../pipeline/recognition.ts'
import type { PipelineView } from '../../pipeline/view.ts'
import { sourceKind } from '../../sources/registry.ts'
import { reporters } from '../../sources/reporters.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import type { CoveredSource } from './covered-source.ts'

export interface RunningSources {
  readonly sources: readonly Pick<Source, 'name' | 'kind' | 'health'>[]
  readonly view: Pick<PipelineView, 'progress' | 'lastEvents'>
  /** Trust zones of the rules. */
  readonly trustZones: readonly string[]
}

/** The coverage of a running exporter. */
export function runningCoverage({ sources, view, trustZones }: RunningSources): Coverage {
  const covered = sources.filter(({ kind }) => sourceKind(kind).durable).map(source => coveredSource(source, view))
  // All sources of a configuration are alike: without a durable one, the others are recordings.
  const isRecorded = sources.length > 0 && covered.length === 0
  return coverageOf({ sources: covered, isRecorded, reporters, trustZones })
}

function coveredSource(source: RunningSources['sources'][number], view: RunningSources['view']): CoveredSource {
  const { name } = source
  const { up, reason } = source.health()
  const { isRecognised, dialects: read, incomplete } = view.progress(name)
  return {
    name,
    signals: sourceKind(source.kind).signals,
    up,
    ...(reason === undefined ? {} : { reason }),
    isRecognised,
    dialects: read,
    lastEvents: view.lastEvents(name),
    incomplete: incomplete.map(place => ({ dialect: place.decoder, sentence: incompleteSentence(place) })),
  }
}
