import { parentPort } from 'node:worker_threads'
import { dialects } from '../../../../decoding/registry.ts'
import { createLinesDecoder } from './decode-lines.ts'
import { type Answer, type Question, take } from './decoding-thread.ts'
import { LinesPacker } from './packed-lines.ts'

/** The decoding thread: takes chunks of complete lines in memory that it shares, and answers in order. */
const packer = new LinesPacker(createLinesDecoder(dialects))

parentPort?.on('message', ({ memory, offset, length, claim }: Question) => {
  if (!take(claim)) {
    parentPort?.postMessage('taken back' satisfies Answer)
    return
  }
  const packed = packer.pack(Buffer.from(memory, offset, length))
  parentPort?.postMessage(packed satisfies Answer, [packed.numbers.buffer as ArrayBuffer])
})
parentPort?.postMessage('ready' satisfies Answer)
