import { describe, expect, it } from '@jest/globals'
import { addressOf, cloudNode } from '../../../core/config/elasticsearch.ts'

const idOf = (decoded: string, name = 'deployment') => `${name}:${btoa(decoded)}`

describe('a cloud ID', () => {
  it.each([
    [idOf('europe-west1.gcp.example.io$1a2b3c$4d5e6f'), 'https://1a2b3c.europe-west1.gcp.example.io'],
    [idOf('eu.example.io:9243$abc'), 'https://abc.eu.example.io:9243'],
    [idOf('eu.example.io$abc', ''), 'https://abc.eu.example.io'],
  ])('%s leads to %s', (id, node) => {
    expect(cloudNode(id)).toBe(node)
    expect(addressOf({ cloud_id: id })).toBe(node)
  })

  it.each([
    ['no colon', 'ZXVyb3BlLmV4YW1wbGUkYWJj'],
    ['two colons', `a:${idOf('eu.example.io$abc')}`],
    ['no base64', 'deployment:not base64'],
    ['base64 of the wrong length', 'deployment:abcde'],
    ['no Elasticsearch in it', idOf('eu.example.io')],
    ['an empty name in it', idOf('eu.example.io$$kibana')],
    ['no host in it', idOf('eu example$abc')],
  ])('is refused with %s', (_, id) => {
    expect(cloudNode(id)).toBeUndefined()
  })
})
