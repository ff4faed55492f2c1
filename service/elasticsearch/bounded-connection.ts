import {
  type ConnectionRequestOptions,
  type ConnectionRequestOptionsAsStream,
  type ConnectionRequestParams,
  type ConnectionRequestResponse,
  type ConnectionRequestResponseAsStream,
  errors,
  HttpConnection,
  UndiciConnection,
} from '@elastic/elasticsearch'
import { wantsBytes, withBytes } from './answer-bytes.ts'

type Response = ConnectionRequestResponse | ConnectionRequestResponseAsStream

/** The client's connection with a deadline for every request: its own timeouts restart with each byte. */
export class BoundedConnection extends UndiciConnection {
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse>
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponseAsStream>
  override request(params: ConnectionRequestParams, options: ConnectionRequestOptions): Promise<Response> {
    return bounded(options, bound => super.request(params, bound as ConnectionRequestOptionsAsStream))
  }
}

/** The same through a proxy, which the client's default connection does not support. */
export class BoundedProxyConnection extends HttpConnection {
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse>
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponseAsStream>
  override request(params: ConnectionRequestParams, options: ConnectionRequestOptions): Promise<Response> {
    return bounded(options, bound => super.request(params, bound as ConnectionRequestOptionsAsStream))
  }
}

/** Ends a request when the caller aborts it, and after `timeout` milliseconds, including the response. */
async function bounded(
  options: ConnectionRequestOptions,
  request: (options: ConnectionRequestOptions & { readonly asStream?: true }) => Promise<Response>,
): Promise<Response> {
  const { signal, timeout } = options
  const end = new AbortController()
  const late = () => end.abort(new errors.TimeoutError('Request timed out'))
  const timer = timeout == null ? undefined : setTimeout(late, timeout)
  const bound = { ...options, signal: signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]) }
  try {
    if (!wantsBytes(options)) return await request(bound)
    return await withBytes((await request({ ...bound, asStream: true })) as ConnectionRequestResponseAsStream, bound)
  } catch (failure) {
    throw end.signal.aborted ? end.signal.reason : failure
  } finally {
    clearTimeout(timer)
  }
}
