/**
 * The paths for which OpenClaw 2026.9.6 requires authentication: the Control UI and the WebSocket at the root or below
 * the usual base path, webhooks, tools, the OpenAI-compatible API, plugins, sessions, sign-in by OAuth, the codes of
 * pairing (`/j`), desktops and portals. Other paths of the same proxy are not OpenClaw's.
 */
const ROUTE =
  /^\/(?:$|(?:hooks|tools|v1|api|plugins|sessions|oauth|j|desktop|node-desktop|node-portal|openclaw|__openclaw__)(?:\/|$))/

/** @param path of a request to a proxy in front of OpenClaw, without its query */
export function isOpenclawRoute(path: string): boolean {
  return ROUTE.test(path)
}
