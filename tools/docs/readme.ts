import type { BlindSpot } from '../../core/blind-spots.ts'
import type { Observer } from '../../core/zero-trust.ts'
import type { GeneratedPart } from './generated-part.ts'
import { table } from './markdown.ts'

/** Where the documentation says how to read what an observer reports, from the root of the repository. */
const pages: Readonly<Record<Observer, string>> = {
  gateway: 'docs/sources.md#file',
  diagnostics: 'docs/sources.md#senders',
  proxy: 'docs/proxies.md',
  'identity-provider': 'docs/identity.md',
  guard: 'docs/guards.md',
  network: 'docs/sources.md#file',
  posture: 'docs/posture.md',
  certificate: 'docs/sources.md#certificates',
  tunnel: 'docs/sources.md#wireguard',
}

/** What OpenClaw's own log does not contain, and who reports it; what no known program reports is below the table. */
export function blindSpotPart(
  spots: Readonly<Record<string, BlindSpot>>,
  observers: Readonly<Record<Observer, string>>,
): GeneratedPart {
  const all = Object.values(spots)
  const rows = all
    .filter(spot => spot.observers.length > 0)
    .map(spot => [spot.what, spot.observers.map(key => `[${observers[key]}](${pages[key]})`).join(', ')])
  const rest = all.flatMap(({ what, instead }) =>
    instead === undefined ? [] : [`No known program reports: ${lower(what)}. Counted in its place: ${instead}.`],
  )
  const text = [table(["not in OpenClaw's log", 'read from'], rows), ...rest].join('\n\n')
  return { name: 'blind spots', from: 'core/blind-spots.ts', text }
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1)
