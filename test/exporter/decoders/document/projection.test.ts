import { expect, it } from '@jest/globals'
import { parsedLinePaths, rawLinePaths } from '../../../../exporter/decoders/document/paths.ts'
import { documentFields } from '../../../../exporter/decoders/document-fields.ts'

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
