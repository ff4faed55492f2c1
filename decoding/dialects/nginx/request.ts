/** `GET /hooks/agent?token=x HTTP/1.1`, as nginx writes `$request`. What is none was not understood by nginx either. */
const REQUEST_LINE = /^[A-Z]{1,16} (\S{1,8192}) HTTP\/[0-9.]{1,3}$/

/**
 * Where OpenClaw 2026.9.6 answers only to whom it knows: the Control UI and the WebSocket at the root or below the usual
 * base path, webhooks, tools, the OpenAI-compatible API, plugins, sessions, sign-in by OAuth, the codes of pairing (`/j`),
 * desktops and portals. Other paths of the same proxy are not OpenClaw's.
 */
const ROUTE =
  /^\/(?:$|(?:hooks|tools|v1|api|plugins|sessions|oauth|j|desktop|node-desktop|node-portal|openclaw|__openclaw__)(?:\/|$))/

/** The path of a request line without its query, which may hold a token; undefined where there is no request line. */
export function pathOf(request: string): string | undefined {
  const target = REQUEST_LINE.exec(request)?.[1]
  return target?.split('?', 1)[0]
}

export function isRoute(path: string): boolean {
  return ROUTE.test(path)
}
