import { z } from 'zod'
import { parseJson } from '../../core/json.ts'
import { type Alert, type AlertFault, type AlertMessage, EVENTS_ANNOTATION } from '../domain/alert.ts'

type Form = Readonly<Record<string, unknown>>

const isForm = (value: unknown): value is Form => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): boolean => isForm(value) && Object.values(value).every(isText)

/**
 * What each key of an alert must hold. Only what is used is asked for; senders add keys with each version. Not a schema: a
 * delivery may hold millions of alerts that are none, and must not cost an error for each.
 */
const rules: Readonly<Record<Exclude<AlertFault, 'form'>, (value: unknown) => boolean>> = {
  status: value => value === 'firing' || value === 'resolved',
  labels: isTexts,
  annotations: value => value === undefined || isTexts(value),
  startsAt: value => isText(value) && value.length <= 64,
  generatorURL: value => value === undefined || isText(value),
  fingerprint: value => isText(value) && value.length > 0 && value.length <= 128,
}
const ruleEntries = Object.entries(rules) as [AlertFault, (value: unknown) => boolean][]

const messageSchema = z.object({
  version: z.string(),
  alerts: z.custom<readonly unknown[]>(Array.isArray),
  truncatedAlerts: z.int().min(0).optional(),
})

/** Grafana's webhook contains version 1 and its organisation; Alertmanager's version 4. */
const versions = { alertmanager: '4', grafana: '1' } as const

/** Characters that are kept of one text: what an attacker wrote must not fill the ledger. */
const MAX_TEXT_LENGTH = 4_096
const MAX_TEXTS = 64
/** Characters of all labels and annotations of an alert: it is read again for each look at its incident. */
const MAX_ALERT_LENGTH = 64 * 1024
const usedAnnotations: ReadonlySet<string> = new Set([EVENTS_ANNOTATION])

/**
 * Reads the body of a webhook, or says in a few words why not.
 *
 * @param usedLabels labels that are kept before others
 */
export function readPayload(body: string, usedLabels: ReadonlySet<string>): AlertMessage | string {
  const json = parseJson(body)
  if (json === undefined) return 'the body is not JSON'
  const result = messageSchema.safeParse(json)
  if (!result.success)
    return `the body is no alert message: ${result.error.issues[0]?.path.join('.') || 'a map'} is wrong`
  const { version, alerts: given, truncatedAlerts = 0 } = result.data
  const sender = (['alertmanager', 'grafana'] as const).find(name => versions[name] === version)
  if (sender === undefined) return 'the version is neither 4 (Alertmanager) nor 1 (Grafana)'
  const rejected = new Map<AlertFault, number>()
  const alerts: Alert[] = []
  for (const alert of given) {
    const fault = faultOf(alert)
    if (fault === undefined) alerts.push(cut(alert as GivenAlert, usedLabels))
    else rejected.set(fault, (rejected.get(fault) ?? 0) + 1)
  }
  // A message of which nothing can be taken is refused as a whole, so that its sender's log says so.
  if (given.length > 0 && alerts.length === 0)
    return `none of the ${given.length} alerts is valid: the first has a wrong ${[...rejected.keys()][0]}`
  return { sender, alerts, rejected, truncated: truncatedAlerts }
}

function faultOf(alert: unknown): AlertFault | undefined {
  if (!isForm(alert)) return 'form'
  return ruleEntries.find(([key, holds]) => !holds(alert[key]))?.[0]
}

/** An alert that satisfies the rules. */
type GivenAlert = Omit<Alert, 'annotations'> & Partial<Pick<Alert, 'annotations'>>

function cut(
  { status, labels, annotations = {}, startsAt, generatorURL, fingerprint }: GivenAlert,
  usedLabels: ReadonlySet<string>,
): Alert {
  const kept = cutTexts(labels, usedLabels, MAX_ALERT_LENGTH)
  return {
    status,
    fingerprint,
    startsAt,
    labels: kept.texts,
    annotations: cutTexts(annotations, usedAnnotations, kept.left).texts,
    ...(generatorURL === undefined ? {} : { generatorURL: cutText(generatorURL) }),
  }
}

/** Those that are used first, as many as there is room for, in their own order. */
function cutTexts(
  all: Readonly<Record<string, string>>,
  used: ReadonlySet<string>,
  room: number,
): { readonly texts: Readonly<Record<string, string>>; readonly left: number } {
  const { true: first = [], false: others = [] } = Object.groupBy(Object.keys(all), key =>
    used.has(key) ? 'true' : 'false',
  )
  const kept = new Map<string, string>()
  let left = room
  for (const key of [...first, ...others].slice(0, MAX_TEXTS)) {
    const value = cutText(all[key] as string)
    left -= Math.min(key.length, MAX_TEXT_LENGTH) + value.length
    if (left < 0) break
    kept.set(key, value)
  }
  const texts = Object.keys(all).filter(key => kept.has(key))
  return {
    texts: Object.fromEntries(texts.map(key => [cutText(key), kept.get(key) as string])),
    left: Math.max(0, left),
  }
}

const cutText = (text: string): string => text.toWellFormed().slice(0, MAX_TEXT_LENGTH).toWellFormed()
