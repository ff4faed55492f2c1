/** A process that holds a state folder: `holder.child.ts FOLDER` until it is killed, with `fill` until no more can be written. */
import { writeSync } from 'node:fs'
import type { ClawtrustError } from '../../../core/errors.ts'
import { openStateFolder } from '../../../service/state/folder.ts'
import { counter, transaction } from './transactions.ts'

const [folder = '', task = 'hold'] = process.argv.slice(2)
const { database } = await openStateFolder(folder)

if (task === 'hold') {
  await database.commit(transaction({ series: [counter(1, 'held')] }))
  writeSync(1, 'held\n')
  setInterval(() => undefined, 60_000)
} else {
  let committed = 0
  const fill = { name: 'fill', value: '' }
  try {
    for (let round = 1; round <= 100; round++) {
      const documents = [{ ...fill, name: `fill ${round}`, value: 'x'.repeat(20_000) }]
      await database.commit(transaction({ series: [counter(round, 'filled')], documents }))
      committed = round
    }
  } catch (error) {
    writeSync(1, `rejected ${(error as ClawtrustError).code} ${(error as Error).message}\n`)
  }
  const { series } = await database.load()
  writeSync(1, `committed ${committed}\nstill open with ${series[0]?.value}\n`)
  await database.close()
}
