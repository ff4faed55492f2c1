import { expect, it } from '@jest/globals'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { shipOddLines } from './bytes.ts'
import { groundFor } from './ground.ts'
import { exact, itStoresEachLineOnce } from './matrix.ts'
import { orders } from './orders.ts'
import { rsyslog } from './rsyslog.ts'
import { withTrial } from './trial.ts'

const WAIT_MS = 120_000

/** What rsyslog notes of a request without a success, in the form in which `_bulk` takes it. */
interface Note {
  readonly file: string
  readonly requestOf: (note: never, index: string) => string
}

const failed: Note = {
  file: 'failed.json',
  requestOf: ({ request }: { readonly request: { readonly postdata: string } }) => request.postdata,
}

const undelivered: Note = {
  file: 'undelivered.json',
  requestOf: ({ template0, template1 }: { readonly template0: string; readonly template1: string }, index) =>
    `${JSON.stringify({ create: { _index: index, _id: template1 } })}\n${template0}\n`,
}

withCommands('rsyslogd', 'openssl').describe('rsyslog with the configuration that ships', () => {
  const ground = groundFor(rsyslog)

  itStoresEachLineOnce(ground, orders)

  it(
    'cuts lines that are too long or hold NUL, and notes a line that is not UTF-8',
    async () => {
      const { messages, note } = await shipOddLines(ground(), 6, 'refused.json', 'not UTF-8')
      expect(messages).toEqual([
        'a line of 256 KiB',
        'before NUL',
        'equal',
        'equal',
        'last',
        '{"message":"a longer line","rest":"xxxxx',
      ])
      expect(note).toContain('not UTF-8')
    },
    WAIT_MS,
  )

  it.each([
    [401, 'json', failed],
    [429, 'json', failed],
    [503, 'json', failed],
    [502, 'html', undelivered],
  ] as const)(
    'notes each line that is answered with status %d (%s), so that it can be sent again by hand',
    async (status, type, { file, requestOf }) => {
      const outcome = await withTrial(ground(), async trial => {
        await trial.take('write', 'start', 'stored')
        const before = trial.log.lines.length
        trial.gate.passage = { status, type }
        await trial.take('write')
        let requests: readonly string[] = []
        const areNoted = async () => {
          const notes = (await trial.shipper.note(file)).split('\n').filter(note => note !== '')
          requests = notes.map(note => requestOf(JSON.parse(note) as never, trial.index.name))
          return linesOf(requests) >= trial.log.lines.length - before || undefined
        }
        await eventually('all lines are noted', areNoted)
        await trial.take('TERM')
        for (const request of requests) await send(`${ground().url}/_bulk`, request)
        return trial.outcome()
      })
      expect(outcome).toEqual(exact(outcome))
    },
    WAIT_MS,
  )
})

/** Each line of a log is an action and a document. */
const linesOf = (requests: readonly string[]) => requests.join('').trimEnd().split('\n').length / 2

async function send(url: string, body: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body })
  if (!ok) throw new Error(`${url} answered ${status}`)
}
