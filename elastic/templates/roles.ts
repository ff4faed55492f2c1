import { managed, names } from './names.ts'

/**
 * The privileges of a shipper: to append, and to create the stream with its first document. It can neither read nor
 * change documents.
 */
export const writerRole = {
  cluster: [],
  indices: [{ names: [names.pattern], privileges: ['create_doc', 'auto_configure'] }],
  metadata: managed,
} as const

/** The privileges of clawtrust: to read documents, mappings and names. No cluster privileges. */
export const readerRole = {
  cluster: [],
  indices: [{ names: [names.pattern], privileges: ['read', 'view_index_metadata'] }],
  metadata: managed,
} as const

/**
 * The privileges of compliance reports: to read logs, to add the documents of reports, which are never changed, and to
 * hold the lease.
 */
export const reporterRole = {
  cluster: [],
  indices: [
    ...readerRole.indices,
    { names: [names.reports], privileges: ['create_doc', 'auto_configure'] },
    { names: [names.lease], privileges: ['read', 'index', 'create_index'] },
  ],
  metadata: managed,
} as const
