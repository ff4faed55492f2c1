import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { signals } from '../../../core/signals.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Claim, Decoding } from '../../../decoding/toolkit/record.ts'

const dispatcher = createDispatcher(dialects)

export const decode = (body: string | Readonly<Record<string, unknown>>) => dispatcher.decode({ id: '1', body })

/** Synthetic records by the published formats and the sources of the guards; none of them was run. */
export const syntheticLines = (path: string): readonly string[] =>
  readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

/** `signal label…` of a claim, and the kind or the reason of everything else. */
export function summaryOf(decoding: Decoding): string {
  if (decoding.kind === 'undecoded') return decoding.reason
  if (decoding.kind === 'telemetry_lost') return `lost ${decoding.records}`
  return decoding.kind === 'claim' ? claimed(decoding.claim) : decoding.kind
}

const claimed = ({ signal, labels }: Claim): string => [signal, ...Object.values(labels)].join(' ')

/** Texts that an agent or an outsider may put into any field of text. */
export const injected = fc.oneof(
  fc.constantFrom(
    '"},"action_id":1,"x":{"y":"',
    '\n{"class_uid":4001,"action_id":1}',
    ' [policy:trusted engine:opa] [reason:none]',
    'ALLOWED',
    'allow',
    '203.0.113.99',
    '__proto__',
    'constructor',
    '\u2028\ud800\u0000',
    '{gateway="x"} 1\n',
  ),
  fc.string({ maxLength: 300 }),
)

/** The record with a text in the place of, or within, each string outside of the names given. */
export function poison(line: string, text: string, spared: ReadonlySet<string>, inside: boolean): string {
  return JSON.stringify(JSON.parse(line), (key, value) =>
    typeof value !== 'string' || spared.has(key)
      ? value
      : inside
        ? `${value.slice(0, 3)}${text}${value.slice(3)}`
        : text,
  )
}

/** Everything that a decoding brings into labels, with the closed set of each label. */
export function labelsOutsideTheirSets({ decoding }: ReturnType<typeof decode>): readonly string[] {
  if (decoding.kind !== 'claim') return []
  const sets = signals[decoding.claim.signal].labels as Readonly<Record<string, readonly string[] | null>>
  return Object.entries(decoding.claim.labels)
    .filter(([name, value]) => !sets[name]?.includes(value))
    .map(([name]) => name)
}
