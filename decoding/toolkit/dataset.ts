import type { Fields } from './fields.ts'
import { pathReader } from './path.ts'

/** Datasets of Elastic's integrations whose documents have a dialect of their own. */
export const ownDatasets = { keycloak: 'keycloak.log', entraSignIns: 'azure.signinlogs' } as const

export const datasetFields = ['data_stream.dataset', 'event.dataset'] as const

const [readStream, readEvent] = datasetFields.map(path => pathReader(path))

/** The dataset of a document that one of Elastic's integrations made. */
export function datasetOf(document: Fields): unknown {
  return readStream?.(document) ?? readEvent?.(document)
}
