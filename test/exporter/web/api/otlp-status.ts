import protobuf from 'protobufjs/minimal.js'

/** A google.rpc.Status, whose fields are code (1) and message (2). */
export function statusOf(body: Uint8Array, contentType: string): { readonly code: number; readonly message: string } {
  if (contentType === 'application/json') return JSON.parse(Buffer.from(body).toString())
  const reader = protobuf.Reader.create(body)
  let code = 0
  let message = ''
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 8) code = reader.int32()
    else if (tag === 18) message = reader.string()
    else throw new Error(`a field that google.rpc.Status does not have: ${tag}`)
  }
  return { code, message }
}
