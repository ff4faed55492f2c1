import { describe, expect, it } from '@jest/globals'
import { readAnswer } from '../../../../exporter/sources/elasticsearch/answer.ts'
import { Prefilter } from '../../../../exporter/sources/elasticsearch/prefilter.ts'
import { recordsOf } from '../../../../exporter/sources/elasticsearch/records.ts'
import { RecentIds } from '../../../../exporter/sources/recent-ids/recent-ids.ts'
import { answerWith, type Stored } from './answers.ts'

const quiet = { _meta: { logLevelName: 'INFO' }, message: 'quiet' }
const loud = { _meta: { logLevelName: 'WARN' }, message: 'loud' }

const marks = [['_meta', 'logLevelName']] as const
const everything = { after: 0, through: Number.MAX_SAFE_INTEGER }

function taking(gateway?: string) {
  const intake = { recentIds: new RecentIds(), prefilter: new Prefilter(['LevelName":"WARN"'], marks), gateway }
  return (documents: readonly Stored[]) => recordsOf(readAnswer(answerWith(documents)).hits, everything, intake)
}

describe('the documents of a page', () => {
  it('are handed on once, with what the store says of them', () => {
    const take = taking('gw-1')
    const document = { id: 'ä"\\', time: 1_764_262_800_000, source: loud }
    expect(take([document])).toMatchObject({
      records: [{ id: 'ä"\\', body: loud, ingestTime: 1_764_262_800_000, gateway: 'gw-1' }],
    })
    expect(take([document])).toMatchObject({ records: [], repeats: 0 })
  })

  it('bring with them where the source says that their record is', () => {
    const open = () => undefined
    const intake = { recentIds: new RecentIds(), prefilter: new Prefilter([], marks), gateway: undefined, open }
    const { hits } = readAnswer(answerWith([{ id: '1', source: loud }]))
    expect(recordsOf(hits, everything, intake).records).toEqual([
      { id: '1', body: loud, place: { kind: 'index', name: expect.any(String) }, ingestTime: 1_764_262_800_000, open },
    ])
  })

  it('name their index, also where they are skipped because their marks are known', () => {
    const page = taking()([
      { index: 'a', id: '1', source: loud },
      { index: 'b', id: '2', source: quiet },
      { index: 'b', id: '3', source: quiet },
    ])
    expect(page.records?.[0]?.place).toEqual({ kind: 'index', name: 'a' })
    expect(page.recognised).toEqual([{ kind: 'index', name: 'b' }])
  })

  it('are two where two streams have the same id, and one where an index was rolled over', () => {
    const take = taking()
    expect(take([{ index: 'a', id: '1', source: loud }]).records).toHaveLength(1)
    expect(take([{ index: 'b', id: '1', source: loud }]).records).toHaveLength(1)
    expect(take([{ index: 'a-000002', id: '1', source: loud }]).records).toHaveLength(0)
  })

  it('are the same whether an id is plain or escaped', () => {
    const take = taking()
    const answer = answerWith([{ id: 'abc', source: loud }])
    const escaped = Buffer.from(answer.toString().replace('"abc"', '"a\\u0062c"'))
    const intake = { recentIds: new RecentIds(), prefilter: new Prefilter([], marks), gateway: undefined }
    expect(recordsOf(readAnswer(answer).hits, everything, intake).records).toHaveLength(1)
    expect(recordsOf(readAnswer(escaped).hits, everything, intake).records).toHaveLength(0)
    expect(take([]).records).toEqual([])
  })

  it('say from when on their events count, by their ingest time', () => {
    const intake = {
      recentIds: new RecentIds(),
      prefilter: new Prefilter([], marks),
      gateway: undefined,
      countsFrom: (time: number) => (time < 50 ? 10 : undefined),
    }
    const { hits } = readAnswer(answerWith([49, 50].map(time => ({ id: String(time), time, source: loud }))))
    expect(recordsOf(hits, everything, intake).records?.map(record => record.countsFrom)).toEqual([10, undefined])
  })

  it('belong to the window in which they were found, although one has older ingest times too', () => {
    const recentIds = new RecentIds()
    const intake = { recentIds, prefilter: new Prefilter([], marks), gateway: undefined }
    const several = { id: 'a', time: 1_000, source: loud }
    const window = { after: 3_600_000, through: 7_200_000 }
    recordsOf(readAnswer(answerWith([several])).hits, window, intake)
    expect([recentIds.count(0), recentIds.count(3_600_000)]).toEqual([0, 1])
  })

  it('are skipped where nothing is in them, except the newest, which has the time', () => {
    const documents = [5, 9, 7].map(time => ({ id: String(time), time, source: quiet }))
    const { records, skipped } = taking()([...documents, { id: 'loud', time: 1, source: loud }])
    expect(skipped).toBe(2)
    expect(records?.map(({ id }) => id).sort()).toEqual(['9', 'loud'])
  })

  it('are too large where a text is, or where they could not be fetched', () => {
    const large = { message: 'x'.repeat(140_000) }
    const many = { ...loud, parts: Array.from({ length: 2_000 }, () => 'x'.repeat(100)) }
    const documents = [{ id: '1', source: large }, { id: '2' }, { id: '3', source: many }]
    expect(taking()(documents)).toMatchObject({ oversized: 2, records: [{ id: '3' }] })
  })
})
