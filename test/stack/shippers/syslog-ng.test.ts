import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { shipOddLines } from './bytes.ts'
import { groundFor } from './ground.ts'
import { exact, itStoresEachLineOnce } from './matrix.ts'
import { orders, refusals } from './orders.ts'
import { syslogNg } from './syslog-ng.ts'
import { withTrial } from './trial.ts'

const WAIT_MS = 120_000

withCommands('syslog-ng', 'openssl').describe('syslog-ng with the configuration that ships', () => {
  const ground = groundFor(syslogNg)

  itStoresEachLineOnce(ground, [...orders, ...refusals])

  it(
    'cuts lines that are too long or hold NUL, replaces what is not UTF-8, and stores equal lines once',
    async () => {
      const { messages, note } = await shipOddLines(ground(), 8, 'refused.log', '')
      expect(messages).toEqual([
        'a line of 256 KiB',
        'after NUL',
        'before NUL',
        'equal',
        'last',
        'not UTF-8: \ufffd',
        '{"message":"a longer line","rest":"xxxxx',
        '}',
      ])
      expect(note).toBe('')
    },
    WAIT_MS,
  )

  it(
    'halves a request that is too large',
    async () => {
      const outcome = await withTrial(ground(), async trial => {
        trial.gate.limit = 4_000
        await trial.take('write', 'start', 'stored', 'TERM')
        return trial.outcome()
      })
      expect(outcome).toEqual(exact(outcome))
    },
    WAIT_MS,
  )

  it(
    'keeps a line that is refused for its content, and sends it again from the folder of the logs',
    async () => {
      await withTrial(ground(), async trial => {
        const refused = '{"time":"no time at all","message":"refused"}'
        trial.log.append([refused])
        await trial.take('write', 'start')
        const isKept = async () => (await trial.shipper.note('refused.log')) === `${refused}\n` || undefined
        await eventually('the refused line is kept', isKept)
        const isOver = async () => (await trial.documents()).length === trial.log.lines.length - 1 || undefined
        await eventually('the other lines are stored', isOver)

        await trial.index.delete()
        await ground().client.indices.create({ index: trial.index.name, mappings: { dynamic: false } })
        await rename(join(trial.shipper.work, 'refused.log'), join(trial.logs, 'openclaw-again-1.log'))
        const isStored = async () => (await trial.documents()).length > 0 || undefined
        await eventually('the refused line is stored', isStored)
        expect(await trial.documents()).toMatchObject([{ message: 'refused' }])
      })
    },
    WAIT_MS,
  )
})
