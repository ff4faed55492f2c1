/** `GET /hooks/agent?token=x HTTP/1.1`, as nginx writes `$request`. What is none was not understood by nginx either. */
const REQUEST_LINE = /^[A-Z]{1,16} (\S{1,8192}) HTTP\/[0-9.]{1,3}$/

/** The path of a request line without its query, which may hold a token; undefined where there is no request line. */
export function pathOf(request: string): string | undefined {
  const target = REQUEST_LINE.exec(request)?.[1]
  return target?.split('?', 1)[0]
}
