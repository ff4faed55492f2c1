import type { Readable } from 'node:stream'
import { type Client, errors, type estypes } from '@elastic/elasticsearch'

export interface SearchBytesOptions {
  readonly signal: AbortSignal
  /** Bytes; an answer of more is broken off. */
  readonly largest: number
}

/** The answer would have more bytes than were allowed. */
export class AnswerTooLarge extends Error {}

/**
 * Searches, and gives the answer in the bytes in which it came: a reader of many documents looks into few of them. Fails
 * as the client's own search does, and with AnswerTooLarge.
 */
export async function searchBytes(
  client: Client,
  request: estypes.SearchRequest,
  { signal, largest }: SearchBytesOptions,
): Promise<Buffer> {
  const result = await client.search(request, { signal, asStream: true, meta: true })
  const bytes = await bytesOf(result.body as unknown as Readable, largest)
  if ((result.statusCode ?? 0) < 400) return bytes
  throw new errors.ResponseError({ ...result, body: bodyOf(bytes) })
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
    if (failure instanceof AnswerTooLarge || failure instanceof errors.ElasticsearchClientError) throw failure
    throw new errors.ConnectionError((failure as Error).message)
  }
  return Buffer.concat(chunks, length)
}

/** What a failure says; a proxy says it without JSON. */
function bodyOf(bytes: Buffer): unknown {
  const text = bytes.toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
