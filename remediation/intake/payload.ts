import { z } from 'zod'
import { parseJson } from '../../core/json.ts'
import { type Alert, type AlertFault, type AlertMessage, alertFaults } from '../domain/alert.ts'

const texts = z.record(z.string(), z.string())

/** Only what is used is asked for; senders add keys with each version. */
const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.optional(),
  startsAt: z.string().max(64),
  generatorURL: z.string().optional(),
  fingerprint: z.string().min(1).max(128),
})

const messageSchema = z.object({
  version: z.string(),
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.int().min(0).optional(),
})

/** Grafana's webhook contains version 1 and its organisation; Alertmanager's version 4. */
const versions = { alertmanager: '4', grafana: '1' } as const

/** Characters that are kept of one text: what an attacker wrote must not fill the ledger. */
const MAX_TEXT_LENGTH = 4_096
const MAX_TEXTS = 64

/** Reads the body of a webhook, or says in a few words why not. */
export function readPayload(body: string): AlertMessage | string {
  const json = parseJson(body)
  if (json === undefined) return 'the body is not JSON'
  const result = messageSchema.safeParse(json)
  if (!result.success)
    return `the body is no alert message: ${result.error.issues[0]?.path.join('.') || 'a map'} is wrong`
  const { version, alerts: given, truncatedAlerts = 0 } = result.data
  const sender = (['alertmanager', 'grafana'] as const).find(name => versions[name] === version)
  if (sender === undefined) return 'the version is neither 4 (Alertmanager) nor 1 (Grafana)'
  const alerts = given.map(alert => alertSchema.safeParse(alert))
  const rejected = alerts.flatMap(({ error }) => (error === undefined ? [] : [faultOf(error)]))
  // A message of which nothing can be taken is refused as a whole, so that its sender's log says so.
  if (given.length > 0 && rejected.length === given.length)
    return `none of the ${given.length} alerts is valid: the first has a wrong ${rejected[0]}`
  const valid = alerts.flatMap(({ data }) => (data === undefined ? [] : [cut(data)]))
  return { sender, alerts: valid, rejected, truncated: truncatedAlerts }
}

const faultOf = (error: z.ZodError): AlertFault => alertFaults.find(key => key === error.issues[0]?.path[0]) ?? 'form'

function cut({
  status,
  labels,
  annotations = {},
  startsAt,
  generatorURL,
  fingerprint,
}: z.output<typeof alertSchema>): Alert {
  return {
    status,
    fingerprint,
    startsAt,
    labels: cutTexts(labels),
    annotations: cutTexts(annotations),
    ...(generatorURL === undefined ? {} : { generatorURL: cutText(generatorURL) }),
  }
}

function cutTexts(all: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(all).slice(0, MAX_TEXTS)
  return Object.fromEntries(kept.map(([key, value]) => [cutText(key), cutText(value)]))
}

const cutText = (text: string): string => text.toWellFormed().slice(0, MAX_TEXT_LENGTH).toWellFormed()
