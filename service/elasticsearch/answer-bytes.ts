import { addAbortSignal, type Readable } from 'node:stream'
import {
  type Client,
  type ConnectionRequestOptions,
  type ConnectionRequestResponse,
  type ConnectionRequestResponseAsStream,
  errors,
  type estypes,
  Serializer,
} from '@elastic/elasticsearch'
import { Fault } from '../../core/errors.ts'

/** The context of a request whose response is wanted in bytes. */
const CONTEXT = { answer: 'bytes' } as const

/** The response would have more bytes than allowed. */
export class AnswerTooLarge extends Fault {}

/**
 * Searches, and returns the response as bytes, for a reader that parses only a few of its documents. Fails like the
 * client's own search, and with AnswerTooLarge.
 *
 * @param largest bytes; a larger response is aborted
 */
export async function searchBytes(
  client: Client,
  request: estypes.SearchRequest,
  { signal, largest }: { readonly signal: AbortSignal; readonly largest: number },
): Promise<Buffer> {
  const options = { signal, context: CONTEXT, maxResponseSize: largest }
  const bytes = (await client.search(request, options)) as unknown as Uint8Array
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function wantsBytes({ context }: ConnectionRequestOptions): boolean {
  return (context as Partial<typeof CONTEXT> | null | undefined)?.answer === CONTEXT.answer
}

/**
 * Reads a response to its end as bytes. The plain Uint8Array reaches the client's serializer unchanged, whereas the
 * client would convert a Buffer to a string. The response of an error becomes a string.
 */
export async function withBytes(
  { statusCode, headers, body }: ConnectionRequestResponseAsStream,
  { maxResponseSize = Number.POSITIVE_INFINITY, signal }: ConnectionRequestOptions,
): Promise<ConnectionRequestResponse> {
  const bytes = await bytesOf(signal === undefined ? body : addAbortSignal(signal, body), maxResponseSize)
  const answer = statusCode < 400 ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes.toString()
  return { statusCode, headers, body: answer as string }
}

/** The client's serializer, which returns a response in bytes unchanged. */
export class ByteSerializer extends Serializer {
  override deserialize<T>(answer: string | Uint8Array): T {
    return typeof answer === 'string' ? super.deserialize(answer) : (answer as T)
  }
}

async function bytesOf(body: Readable, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    // A stream that is left early is destroyed, together with its connection.
    for await (const chunk of body) {
      length += chunk.length
      if (length > largest) throw new AnswerTooLarge(`the answer has more than ${largest} bytes`)
      chunks.push(chunk)
    }
  } catch (failure) {
    throw failure instanceof AnswerTooLarge ? failure : new errors.ConnectionError((failure as Error).message)
  }
  return Buffer.concat(chunks, length)
}
