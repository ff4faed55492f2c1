import type { TraceReference } from '../../core/event.ts'

const PLACEHOLDER = '{{trace_id}}'

/** Checks `exporter.trace_url`: a web address without user and password that has the placeholder. */
export function parseTraceUrl(text: string): string | undefined {
  const url = URL.parse(text)
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  return isUsable && text.includes(PLACEHOLDER) ? text : undefined
}

/** The address of a trace. Its id has hexadecimal digits only, which need no encoding. */
export const traceUrlOf = (template: string, { traceId }: TraceReference): string =>
  template.replaceAll(PLACEHOLDER, traceId)
