import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { Following, temporaryFolder } from './following.ts'

const captured = (name: string) => fileURLToPath(new URL(`../../../fixtures/runtimes/${name}`, import.meta.url))
const dispatcher = createDispatcher(dialects)
const decode = (body: string) => dispatcher.decode({ id: '', body }).decoding
const [first, second, third] = readFileSync(captured('lines.jsonl'), 'utf8').trimEnd().split('\n').map(decode)

const parts = (count: number) => Array<string>(count).fill('partial_record')

/** What each output holds, and why its other records are undecoded, in their order. */
const outputs = [
  ['docker-json-file.log', { claims: [first, third, second], undecoded: [] }],
  ['k8s-file.log', { claims: [first, third, second], undecoded: [] }],
  ['journal.export', { claims: [first, second, first, third, second], undecoded: ['unknown_layout', 'not_json'] }],
  [
    'journal-all.json.log',
    { claims: [first, second, first, third, second], undecoded: ['unknown_layout', 'not_json'] },
  ],
  [
    'journal.json.log',
    {
      claims: [first, first, third],
      undecoded: [...parts(4), 'not_json', 'unknown_layout', 'not_json', 'partial_record', 'not_json'],
    },
  ],
  // What journalctl left out may have been text of a console, after which no record of the gateway is believed.
  ...['short', 'short-iso', 'short-precise', 'short-iso-precise'].map(
    format =>
      [
        `journal.${format}.log`,
        {
          claims: [],
          undecoded: [
            'forgeable_line',
            ...parts(5),
            ...['not_json', 'not_json', 'partial_record', 'forgeable_line', 'partial_record', 'forgeable_line'],
            'partial_record',
          ],
        },
      ] as const,
  ),
] as const

describe('the output of real container runtimes and of a real journal', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  it.each(outputs)(
    '%s gives the claims of the lines that were written, each once',
    async (name, { claims, undecoded }) => {
      copyFileSync(captured(name), join(folder.path, name))
      const { prefilter } = dispatcher
      following = new Following({ paths: [join(folder.path, '*')] }, prefilter === 'all' ? [] : prefilter)
      await following.catchUp()
      const found = following.batches.flatMap(batch => batch.records).map(record => dispatcher.decode(record).decoding)
      expect(found.filter(({ kind }) => kind === 'claim')).toEqual(claims)
      const reasons = found.flatMap(decoding => (decoding.kind === 'undecoded' ? [decoding.reason] : []))
      expect(reasons).toEqual(undecoded)
      expect(following.batches.flatMap(batch => Object.keys(batch.tally.undecoded))).toEqual([])
    },
  )
})
