import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { Recognition } from '../../../exporter/pipeline/recognition.ts'
import { logLine } from '../sources/file/following.ts'

const foreign = '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0'

describe('whether a source is in a known format', () => {
  const recognition = () => new Recognition(createDispatcher(dialects))

  it('is not known before anything is read', () => {
    const source = recognition()
    source.samples(() => [])
    source.skipped(0)
    expect(source.isRecognised).toBeUndefined()
  })

  it('is false while every line is foreign, and true from the first one that is not, although it brings no event', () => {
    const source = recognition()
    source.samples(() => [foreign, ''])
    source.record('none')
    expect(source.isRecognised).toBe(false)
    source.samples(() => [foreign, logLine('quiet')])
    expect(source.isRecognised).toBe(true)
    source.record('none')
    expect(source.isRecognised).toBe(true)
  })

  it('asks for no more samples once it is true', () => {
    const source = recognition()
    source.samples(() => [logLine('quiet')])
    source.samples(() => {
      throw new Error('the samples of a recognised source are not needed')
    })
    expect(source.isRecognised).toBe(true)
  })

  it('is true where the source itself has recognised what it skipped', () => {
    const source = recognition()
    source.skipped(3)
    expect(source.isRecognised).toBe(true)
  })
})
