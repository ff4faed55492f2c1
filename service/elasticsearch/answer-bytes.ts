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

/** What a request's context says where its answer is wanted in bytes. */
const CONTEXT = { answer: 'bytes' } as const

/** The answer would have more bytes than were allowed. */
export class AnswerTooLarge extends Fault {}

/**
 * Searches, and gives the answer in the bytes in which it came: a reader of many documents looks into few of them. Fails
 * as the client's own search does, and with AnswerTooLarge.
 *
 * @param largest bytes; an answer of more is broken off
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
 * Reads an answer to its end for a client that wants bytes. They come as a plain Uint8Array, which the client hands to its
 * serializer as it is, where it would make a text of a Buffer. What tells of a failure becomes a text.
 */
export async function withBytes(
  { statusCode, headers, body }: ConnectionRequestResponseAsStream,
  { maxResponseSize = Number.POSITIVE_INFINITY, signal }: ConnectionRequestOptions,
): Promise<ConnectionRequestResponse> {
  const bytes = await bytesOf(signal === undefined ? body : addAbortSignal(signal, body), maxResponseSize)
  const answer = statusCode < 400 ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes.toString()
  return { statusCode, headers, body: answer as string }
}

/** The client's serializer, which leaves alone what is wanted in bytes. */
export class ByteSerializer extends Serializer {
  override deserialize<T>(answer: string | Uint8Array): T {
    return typeof answer === 'string' ? super.deserialize(answer) : (answer as T)
  }
}

async function bytesOf(body: Readable, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    // A stream that is left early is destroyed, and its connection with it.
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
