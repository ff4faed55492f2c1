import { expect, it } from '@jest/globals'
import { createDecoders } from '../../../decoding/dialects/all.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { documentFields } from '../../../decoding/document-fields.ts'
import { parsedLinePaths, rawLinePaths } from '../../../decoding/envelopes/paths.ts'
import { layOut, madeUpLines, realLines } from '../fixtures.ts'

/** As a source filter of Elasticsearch: a name brings what lies below it, `*` stands for any characters. */
function isRead(path: string): boolean {
  return documentFields.some(field =>
    field.includes('*')
      ? new RegExp(`^${field.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(path)
      : path === field || path.startsWith(`${field}.`),
  )
}

it('reads every field in which a record may lie', () => {
  expect([...rawLinePaths, ...parsedLinePaths].filter(path => !isRead(path))).toEqual([])
})

it('reads the fields of an authentication event in ECS', () => {
  const ecs = [
    'event.category',
    'event.outcome',
    'user.name',
    'source.ip',
    'client.ip',
    'http.request.method',
    'device.id',
  ]
  expect(ecs.filter(path => !isRead(path))).toEqual([])
})

it("reads of the logger's own meta what a line is told by, and not where in the program it was written", () => {
  expect(['_meta.name', '_meta.date', '_meta.hostname'].filter(path => !isRead(path))).toEqual([])
  expect(['_meta.path.fullFilePath', '_meta.runtimeVersion', '_meta.parentNames'].filter(isRead)).toEqual([])
})

/** What the source filter leaves of a parsed line at the root. */
function projected(line: string): Record<string, unknown> {
  const { _meta, ...fields } = JSON.parse(line)
  const kept = Object.entries(_meta).filter(([key]) => isRead(`_meta.${key}`))
  const read = Object.entries(fields).filter(([key]) => isRead(key))
  return { ...Object.fromEntries(read), _meta: Object.fromEntries(kept) }
}

it('leaves of every line what it tells', () => {
  const { decode } = createDispatcher(createDecoders())
  for (const line of [...realLines, ...madeUpLines.map(layOut)]) {
    expect(decode({ id: '1', body: projected(line) })).toEqual(decode({ id: '1', body: JSON.parse(line) }))
  }
})
