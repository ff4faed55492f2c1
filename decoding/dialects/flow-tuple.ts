/**
 * The fields of documents with flows or accesses by which a store can group them: documents that agree in all `keys` differ in nothing
 * that a policy decides on, so that one of them is decoded for all. Fields are dotted paths from the root of the record.
 */
export interface FlowTuple {
  /** Every document with a flow has them, and with `required` none of another dialect has all of them. */
  readonly marks: readonly string[]
  /** Documents without these values are of another dialect. */
  readonly required?: readonly FieldValue[]
  /** When it was decided, the best field first, for a store that has it as a date. */
  readonly times: readonly string[]
  readonly keys: readonly TupleKey[]
  /** The number of flows of a document; absent where each is one flow. */
  readonly count?: string
  /** Documents with one of these values are of no flow, or of another dialect. */
  readonly excluded?: readonly FieldValue[]
  /** Documents with this field say how many records were lost. */
  readonly lost?: string
}

export interface FieldValue {
  readonly field: string
  readonly value: string | boolean
}

export interface TupleKey {
  readonly field: string
  /** A document may have several values, of which only all together are the key. */
  readonly isList?: true
  /** A field that says the same in one value; this one is no key where the store has that. */
  readonly unless?: string
}

export const keysOf = (...fields: readonly string[]): readonly TupleKey[] => fields.map(field => ({ field }))
export const listsOf = (...fields: readonly string[]): readonly TupleKey[] =>
  fields.map(field => ({ field, isList: true }))
