import type { EpochMs } from '../../core/clock.ts'
import { textOrder } from '../../core/text-order.ts'
import { amount, counted, timestamp } from '../../service/page/words.ts'
import { printPolicy } from '../language/print.ts'
import type { ObservedFlow } from '../model/observed-flow.ts'
import { endWords } from '../shadow/end-words.ts'
import { type OmissionReason, omissionReasons } from './accesses.ts'
import type { OmittedFlow, RuleEvidence, Suggestion } from './suggest.ts'

/** Flows that are named of those left out for one reason. */
const MAX_NAMED = 5

/** The policy in the text form, with the evidence of each rule and with what is left out as comments. */
export function suggestionText({ policy, evidence, omitted }: Suggestion): string {
  const rules = new Map(evidence.map(one => [one.rule, evidenceLines(one)]))
  return printPolicy(policy, { head: headLines(evidence, omitted), rules })
}

function headLines(evidence: readonly RuleEvidence[], omitted: readonly OmittedFlow[]): readonly string[] {
  const flows = evidence.reduce((sum, one) => sum + one.flows, 0)
  const events = evidence.reduce((sum, one) => sum + one.events, 0)
  const first = evidence.reduce((least, one) => Math.min(least, one.firstSeen), Number.POSITIVE_INFINITY)
  const last = evidence.reduce((most, one) => Math.max(most, one.lastSeen), Number.NEGATIVE_INFINITY)
  const period = flows === 0 ? '' : `, ${timestamp(first)} to ${timestamp(last)}`
  return [
    'A draft of what was observed, for review: what is not below was not seen, which does not mean that it is not needed.',
    `Allowed: ${counted(flows, 'flow')} of ${counted(events, 'event')}${period}.`,
    `Left out, and so not allowed: ${counted(omitted.length, 'flow')} of ${counted(eventsOf(omitted), 'event')}.`,
    ...omissions(omitted).flatMap(({ reason, flows: those }) => [
      `  ${reason} (${omissionReasons[reason]}): ${counted(those.length, 'flow')} of ${counted(eventsOf(those), 'event')}`,
      ...those.slice(0, MAX_NAMED).map(({ flow }) => `    ${flowWords(flow)}`),
      ...(those.length > MAX_NAMED ? [`    and ${amount(those.length - MAX_NAMED)} more`] : []),
    ]),
  ]
}

/** Those of each reason, the most events first. */
export function omissions(
  omitted: readonly OmittedFlow[],
): readonly { readonly reason: OmissionReason; readonly flows: readonly OmittedFlow[] }[] {
  const byReason = Map.groupBy(omitted, ({ reason }) => reason)
  return (Object.keys(omissionReasons) as OmissionReason[]).flatMap(reason => {
    const flows = byReason.get(reason)
    if (flows === undefined) return []
    const worded = flows.map(one => ({ one, words: flowWords(one.flow) }))
    worded.sort((a, b) => total(b.one.flow) - total(a.one.flow) || textOrder(a.words, b.words))
    return [{ reason, flows: worded.map(({ one }) => one) }]
  })
}

const total = ({ passed, denied }: ObservedFlow): number => passed + denied

const eventsOf = (omitted: readonly OmittedFlow[]): number => omitted.reduce((sum, { flow }) => sum + total(flow), 0)

function evidenceLines({ flows, events, firstSeen, lastSeen, samples, widened }: RuleEvidence): readonly string[] {
  return [
    `${counted(events, 'event')} in ${counted(flows, 'flow')}, ${timeRange(firstSeen, lastSeen)}`,
    ...(samples.length === 0 ? [] : [`for instance ${samples.map(plain).join(', ')}`]),
    ...widened.map(sentence => `wider than what was seen: ${plain(sentence)}`),
  ]
}

const timeRange = (first: EpochMs, last: EpochMs): string =>
  first === last ? timestamp(first) : `${timestamp(first)} to ${timestamp(last)}`

/** A flow in a few words. */
export function flowWords({ request, passed, denied }: ObservedFlow): string {
  const { source, destination, transport = 'unknown transport', port } = request
  const door = port === undefined ? transport : `${transport} ${port}`
  const counts = [
    ...(passed > 0 ? [`${counted(passed, 'event')} passed`] : []),
    ...(denied > 0 ? [`${counted(denied, 'event')} denied`] : []),
  ]
  return `${plain(endWords(source))} -> ${plain(endWords(destination))}, ${door}: ${counts.join(', ')}`
}

const MAX_CHARACTERS = 120

/** Data of others for a comment: what is no printable ASCII is escaped, so that nothing ends the comment or is hidden. */
const plain = (text: string): string => {
  const cut = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}...` : text
  return cut.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
