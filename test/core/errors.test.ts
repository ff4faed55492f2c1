import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClawtrustError, errorName, Fault, failureReason, stackFrames } from '../../core/errors.ts'

const coded = (message: string, code: unknown, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code })

describe('the reason of a failure', () => {
  it.each([
    ['our own words', new Fault('the list is empty'), 'the list is empty'],
    ['our own sentence', new ClawtrustError('USAGE', 'Name a file.'), 'Name a file.'],
    ['the code of a foreign error', coded('open /s3cret', 'ENOENT'), 'ENOENT'],
    ['the code of what caused it', new TypeError('s3cret', { cause: coded('s3cret', 'ECONNREFUSED') }), 'ECONNREFUSED'],
    ['what an abort is', new DOMException('s3cret', 'TimeoutError'), 'timeout'],
    ['the class where there is no code', new TypeError('s3cret is not iterable'), 'unexpected TypeError'],
    ['no class that is none', Object.assign(new Error('s3cret'), { name: 's3cret x' }), 'unexpected error'],
    ['no code that is none', coded('s3cret', 'the key s3cret'), 'unexpected Error'],
    ['nothing of a text that was thrown', 's3cret', 'unexpected error'],
  ])('is %s', (_, error, words) => {
    expect(failureReason(error)).toBe(words)
  })

  it('never holds the message of a foreign error, whatever that is and causes it', () => {
    const secret = 'hunter2-hunter2'
    const wrapped = fc.letrec<{ error: unknown }>(tie => ({
      error: fc.oneof(
        { maxDepth: 6 },
        fc.constant(secret),
        fc.tuple(fc.string(), fc.option(tie('error'))).map(([text, cause]) => new Error(text + secret, { cause })),
        fc.tuple(fc.string(), tie('error')).map(([text, cause]) => coded(text + secret, text + secret, cause)),
      ),
    }))
    fc.assert(fc.property(wrapped.error, error => !failureReason(error).includes(secret)))
  })

  it('ends where causes go round', () => {
    const error = new Error('s3cret')
    error.cause = error
    expect(failureReason(error)).toBe('unexpected Error')
  })
})

describe('the frames of an error', () => {
  it('are places without the message, also where that has lines like frames', () => {
    const error = new TypeError('hunter2\n    at hunter2 (file:///hunter2:1:1)\n    at /hunter2:1:1')
    expect(stackFrames(error)).toMatch(/^ {4}at .*errors\.test\.ts:\d+:\d+\)?$/m)
    expect(stackFrames(error)).not.toContain('hunter2')
  })

  it('are none where there is no stack', () => {
    const error = new Error('x')
    delete error.stack
    expect([stackFrames(error), errorName(error)]).toEqual(['', 'Error'])
  })
})
