/** Standard and panel-specific options of the matching fields. */
export interface FieldOverride {
  readonly matcher: { readonly id: 'byName' | 'byFrameRefID' | 'byRegexp'; readonly options: string }
  readonly properties: readonly { readonly id: string; readonly value: unknown }[]
}
