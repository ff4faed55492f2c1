/**
 * A request line as nginx takes it: a method of capitals, `-` and `_` of any length, a target in absolute form or in
 * origin form, and the version, which HTTP/0.9 does not have. Any other line was answered 400 by nginx.
 */
const REQUEST_LINE =
  /^[A-Z_-]{1,1024} {1,16}([A-Za-z/][!-~\u0080-\uffff]{0,8192})(?: {1,16}HTTP\/\d{1,3}\.\d{1,3})? {0,16}$/

/** A target in absolute form or in origin form. */
const TARGET =
  /^(?:[A-Za-z][A-Za-z0-9+.-]{0,15}:\/\/[^ /?#]{0,255}(|[/?#][!-~\u0080-\uffff]{0,8192})|(\/[!-~\u0080-\uffff]{0,8192}))$/

/** A longer line or target counts without its path, so that reading it stays within the decoder's millisecond. */
const MAX_LENGTH = 8_192

/** The paths of a request line, as `pathsOfTarget`; empty where the line cannot be read. */
export function pathsOfRequest(line: string): readonly string[] {
  if (line.length > MAX_LENGTH) return []
  const target = REQUEST_LINE.exec(line)?.[1]
  return target === undefined ? [] : pathsOfTarget(target)
}

/**
 * The paths that the target of a request may stand for, without the query, which may hold a token: as written first,
 * then as the programs on the way read it. Empty where the target cannot be read.
 *
 * nginx chooses the location by the path with percent signs decoded, slashes merged and dot segments resolved
 * (ngx_http_parse_complex_uri), but hands on what the client wrote. A gateway that resolves it by the URL standard
 * takes the first segment of `//host/path` for a host, and a backslash for a slash. No spelling hides a refusal.
 */
export function pathsOfTarget(target: string): readonly string[] {
  if (target.length > MAX_LENGTH) return []
  const [, absolute, origin = absolute] = TARGET.exec(target) ?? []
  if (origin === undefined) return []
  const written = origin.split(/[?#]/, 1)[0] || '/'
  if (!/[%\\]|\/[/.]/.test(written)) return [written]
  if (/%(?:00|(?![0-9a-f]{2}))/i.test(written)) return []
  const decoded = written.replace(/%(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  const slashed = decoded.replaceAll('\\', '/')
  const segments = slashed.split('/').filter(segment => segment !== '')
  const ofOtherHost = slashed.startsWith('//') ? [resolved(segments.slice(1))] : []
  return [...new Set([written, resolved(decoded.split('/')), resolved(segments), ...ofOtherHost])]
}

/** A path without empty segments and dot segments. */
function resolved(segments: readonly string[]): string {
  const kept: string[] = []
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}`
}
