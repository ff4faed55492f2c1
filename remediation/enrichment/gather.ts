import type { Target } from '../../core/net/target.ts'
import type { GeoIp } from '../../service/geoip/geoip.ts'
import { combine, type Evidence, type Finding, type Intelligence, unasked } from '../domain/evidence.ts'
import { type IntelligenceSource, RETRY_MS } from './source.ts'

export interface EnrichmentSources {
  readonly sources: readonly IntelligenceSource[]
  readonly geoIp?: Pick<GeoIp, 'placeOf'>
  /** Milliseconds after which the verdict of a source without a response is unknown. */
  readonly deadline: number
}

/** Asks everybody at once what they know of an address; never rejects, never takes longer than the deadline. */
export async function gatherEvidence(target: Target | undefined, options: EnrichmentSources): Promise<Evidence> {
  if (target === undefined) return unasked
  const findings = await askAll(target, options)
  const place = options.geoIp?.placeOf(target)
  const times = findings.flatMap(({ validFor }) => validFor ?? [])
  return {
    verdict: combine(findings),
    findings,
    ...(times.length === 0 ? {} : { validFor: Math.min(...times) }),
    ...(place === undefined ? {} : { country: place.country, countrySource: place.source }),
  }
}

/** What is known of an address without a query: lists and database are looked up, the answers of providers are kept. */
export function knownNow(
  target: Target | undefined,
  { findings, country }: Evidence,
  { sources, geoIp }: EnrichmentSources,
): Intelligence {
  if (target === undefined) return { verdict: 'unknown' }
  const kept = (name: string) => findings.filter(({ source }) => source === name)
  const now = sources.flatMap(source => source.lookUp?.(target) ?? kept(source.name))
  const found = geoIp === undefined ? country : geoIp.placeOf(target)?.country
  return { verdict: combine(now), ...(found === undefined ? {} : { country: found }) }
}

async function askAll(target: Target, { sources, deadline }: EnrichmentSources): Promise<readonly Finding[]> {
  if (sources.length === 0) return []
  const late = Promise.withResolvers<undefined>()
  const stop = new AbortController()
  const timer = setTimeout(() => late.resolve(undefined), deadline)
  const answers = await Promise.all(
    sources.map(async source => {
      const finding = await Promise.race([source.ask(target, stop.signal), late.promise])
      return (
        finding ?? {
          source: source.name,
          verdict: 'unknown' as const,
          detail: 'no answer by the deadline',
          validFor: RETRY_MS,
        }
      )
    }),
  )
  clearTimeout(timer)
  stop.abort()
  return answers
}
