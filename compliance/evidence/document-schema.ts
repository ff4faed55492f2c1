import { z } from 'zod'
import { fieldName, filter, indexPatterns } from './schema.ts'

/** A request of the kind `documents`. */
export const documentsSchema = z
  .strictObject({
    from: z.literal('documents'),
    index: indexPatterns().describe('Indices, data streams or patterns to search.'),
    among: filter()
      .exactOptional()
      .describe(
        'The documents among which is counted; all of the index by default. Without any in the period, the result is unknown.',
      ),
    query: filter().exactOptional().describe('Those that are counted; all by default.'),
    measure: z
      .enum(['count', 'distinct', 'share'])
      .prefault('count')
      .describe(
        'The number of documents, of distinct values of `field` (exact up to 1,000, above an approximation), or the share of `among` in percent.',
      ),
    field: fieldName().exactOptional().describe('For `distinct`: a field of type keyword, number, date or ip.'),
    time_field: fieldName().prefault('@timestamp').describe('The time of an event, which is in the period.'),
    zone_field: fieldName().exactOptional().describe('A keyword field with the trust zone, where documents have one.'),
  })
  .superRefine(({ measure, field, query }, context) => {
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (measure === 'distinct' && field === undefined) complain('field', 'is missing; distinct counts its values')
    if (measure !== 'distinct' && field !== undefined) complain('field', 'needs measure: distinct')
    if (measure === 'share' && query === undefined) complain('query', 'is missing; share needs what is counted')
  })

export type DocumentsRequest = z.output<typeof documentsSchema>
