import { appendFileSync } from 'node:fs'
import { eventually } from '../servers/eventually.ts'
import { type Ground, withTrial } from './trial.ts'

/** The longest line that the configurations take whole. */
const LONGEST = 262_144

/** Lines that a JSON logger does not write, and the last one, which shows that reading goes on. */
const odd: readonly Buffer[] = [
  Buffer.from(jsonOf('a line of 256 KiB', LONGEST)),
  Buffer.from(jsonOf('a longer line', LONGEST + 1)),
  Buffer.from('before NUL\0after NUL'),
  Buffer.concat([Buffer.from('not UTF-8: '), Buffer.from([0xff])]),
  Buffer.from(''),
  Buffer.from('equal'),
  Buffer.from('equal'),
  Buffer.from('last'),
]

/**
 * Ships the odd lines.
 *
 * @returns the beginnings of the messages of their documents, sorted, and what `note` holds when
 * they are `count` and it holds `refused`
 */
export function shipOddLines(
  ground: Ground,
  count: number,
  note: string,
  refused: string,
): Promise<{ messages: string[]; note: string }> {
  return withTrial(ground, async trial => {
    appendFileSync(trial.log.file, Buffer.concat(odd.flatMap(line => [line, Buffer.from('\n')])))
    const noted = () => trial.shipper.note(note)
    await trial.take('start')
    const areStored = async () => (await trial.documents()).length >= count || undefined
    await eventually('the odd lines are stored', areStored)
    // A shipper that is slow to end is killed, and then notes nothing more.
    await eventually(`${refused} is noted`, async () => (await noted()).includes(refused) || undefined)
    await trial.take('TERM')
    const documents = await trial.documents()
    const records = documents.map(document => trial.shipper.recordOf(document))
    const messages = records.map(({ message }) => String(message).slice(0, 40)).sort()
    return { messages, note: await noted() }
  })
}

function jsonOf(message: string, bytes: number): string {
  const rest = JSON.stringify({ message, rest: '' }).length
  return JSON.stringify({ message, rest: 'x'.repeat(bytes - rest) })
}
