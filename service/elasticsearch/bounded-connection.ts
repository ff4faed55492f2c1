import { Readable } from 'node:stream'
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

type Response = ConnectionRequestResponse | ConnectionRequestResponseAsStream

/** The client's connection, with an end to every request: its own timeouts begin anew with each byte that comes. */
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
    return bounded(options, signal => super.request(params, { ...options, signal }))
  }
}

/** The same through a proxy, which the client's default connection does not know. */
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
    return bounded(options, signal => super.request(params, { ...options, signal }))
  }
}

/** Ends a request when the caller aborts it, and after `timeout` milliseconds; an answer that comes as a stream, too. */
async function bounded<T extends Response>(
  { signal, timeout }: ConnectionRequestOptions,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const late = () => end.abort(new errors.TimeoutError('Request timed out'))
  const timer = timeout == null ? undefined : setTimeout(late, timeout)
  const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal])
  let isStreaming = false
  try {
    const response = await request(either)
    if (response.body instanceof Readable) {
      isStreaming = true
      endWith(response.body, either, () => clearTimeout(timer))
    }
    return response
  } catch (failure) {
    throw end.signal.aborted ? end.signal.reason : failure
  } finally {
    if (!isStreaming) clearTimeout(timer)
  }
}

function endWith(stream: Readable, signal: AbortSignal, closed: () => void): void {
  const abort = () => stream.destroy(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  stream.once('close', () => {
    signal.removeEventListener('abort', abort)
    closed()
  })
}
