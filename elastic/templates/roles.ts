import { managed, names } from '../names.ts'

/** What a shipper needs: to append, and to create the stream with its first document. It can neither read nor change. */
export const writerRole = {
  cluster: [],
  indices: [{ names: [names.pattern], privileges: ['create_doc', 'auto_configure'] }],
  metadata: managed,
} as const

/** What clawtrust needs: to read, and to see mappings and names. Nothing of the cluster. */
export const readerRole = {
  cluster: [],
  indices: [{ names: [names.pattern], privileges: ['read', 'view_index_metadata'] }],
  metadata: managed,
} as const
