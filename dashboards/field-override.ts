/** Standard options and options of the panel's own for the fields that match. */
export interface FieldOverride {
  readonly matcher: { readonly id: 'byName' | 'byFrameRefID' | 'byRegexp'; readonly options: string }
  readonly properties: readonly { readonly id: string; readonly value: unknown }[]
}
