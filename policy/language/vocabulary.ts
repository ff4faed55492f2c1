/** The blocks of the language, by their keyword. */
export const blocks = {
  policy: { holds: 'the name of the policy, and what applies to all of it', name: 'optional', required: [] },
  zone: { holds: 'a trust zone by its members', name: 'required', required: ['members'] },
  list: { holds: 'a name for alternatives that several rules need', name: 'required', required: ['members'] },
  allow: { holds: 'who may reach what', name: 'optional', required: ['from', 'to'] },
  role: { holds: 'what an identity may hold', name: 'required', required: ['identities', 'may'] },
  expect: { holds: 'a test: what the policy must answer', name: 'required', required: ['from', 'to'] },
} as const satisfies Record<string, BlockDefinition>

interface BlockDefinition {
  readonly holds: string
  readonly name: 'optional' | 'required'
  /** Properties without which the block means nothing. */
  readonly required: readonly PropertyKey[]
}

/** The properties of blocks, in the order in which they are written. */
export const properties = {
  'time-zone': { in: ['policy'], isRepeatable: false, example: 'Europe/Berlin' },
  'identity-label': { in: ['policy'], isRepeatable: false, example: 'app.kubernetes.io/name' },
  members: { in: ['zone', 'list'], isRepeatable: true, example: 'namespace=openclaw' },
  identities: { in: ['role'], isRepeatable: true, example: 'service-account-threat-hunt' },
  may: { in: ['role'], isRepeatable: true, example: 'read:logs' },
  from: { in: ['allow', 'expect'], isRepeatable: true, example: 'service-identity=agent-controller' },
  to: { in: ['allow', 'expect'], isRepeatable: true, example: 'api.openclaw.local:443' },
  protocol: { in: ['allow', 'expect'], isRepeatable: true, example: 'https' },
  condition: { in: ['allow', 'role', 'expect'], isRepeatable: true, example: 'device-posture=trusted' },
  owner: { in: ['allow'], isRepeatable: false, example: 'platform-team' },
  expires: { in: ['allow'], isRepeatable: false, example: '2027-03-31' },
  reason: { in: ['allow'], isRepeatable: false, example: 'reads the API of the model' },
} as const satisfies Record<string, PropertyDefinition>

interface PropertyDefinition {
  readonly in: readonly Keyword[]
  readonly isRepeatable: boolean
  readonly example: string
}

export type Keyword = 'policy' | 'zone' | 'list' | 'allow' | 'role' | 'expect'
export type PropertyKey = keyof typeof properties

export const keywords = Object.keys(blocks) as readonly Keyword[]
export const propertyKeys = Object.keys(properties) as readonly PropertyKey[]

export const isKeyword = (word: string): word is Keyword => Object.hasOwn(blocks, word)
export const isPropertyKey = (word: string): word is PropertyKey => Object.hasOwn(properties, word)

const keysOf: ReadonlyMap<Keyword, readonly PropertyKey[]> = new Map(
  keywords.map(keyword => [
    keyword,
    propertyKeys.filter(key => (properties[key].in as readonly Keyword[]).includes(keyword)),
  ]),
)

/** The properties that a block may have. */
export const propertiesOf = (keyword: Keyword): readonly PropertyKey[] => keysOf.get(keyword) ?? []
