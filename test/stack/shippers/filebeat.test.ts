import { expect, it } from '@jest/globals'
import { shipOddLines } from './bytes.ts'
import { describeWithFilebeat, filebeat } from './filebeat.ts'
import { groundFor } from './ground.ts'
import { exact, itStoresEachLineOnce } from './matrix.ts'
import { orders, refusals } from './orders.ts'
import { withTrial } from './trial.ts'

const WAIT_MS = 120_000

/** Those that fail first where positions, names of logs or ids are not what they should be; the others add a minute. */
const chosen: readonly string[] = [
  'answers are lost and the shipper is killed',
  'the log is rotated again and again',
  'the log is rotated after SIGKILL',
  'a line is half written at SIGKILL',
  'the index is blocked, then SIGKILL',
  'the log is truncated',
  'the log of the next day begins while the server is away, then SIGKILL',
  'every request is answered as unauthorized',
  'every request is answered as badGateway',
]

describeWithFilebeat('Filebeat with the configuration that ships', () => {
  const ground = groundFor(filebeat)

  itStoresEachLineOnce(
    ground,
    [...orders, ...refusals].filter(({ name }) => chosen.includes(name)),
  )

  it(
    'stores lines that are long, empty, equal or hold NUL, and replaces what is not UTF-8',
    async () => {
      const { messages } = await shipOddLines(ground(), 8, '', '')
      expect(messages).toEqual([
        '',
        'a line of 256 KiB',
        'a longer line',
        'before NUL\u0000after NUL',
        'equal',
        'equal',
        'last',
        'not UTF-8: \ufffd',
      ])
    },
    WAIT_MS,
  )

  it(
    'reads a log of one line',
    async () => {
      const outcome = await withTrial(ground(), async trial => {
        trial.log.append(['{"message":"the only line"}'])
        await trial.take('start', 'stored')
        return trial.outcome()
      })
      expect(outcome).toEqual(exact(outcome))
    },
    WAIT_MS,
  )
})
