import { describe, expect, it } from '@jest/globals'
import { importsOf } from '../../tools/docs/imports.ts'
import { read, repositoryFiles } from '../structure/source-files.ts'

/** An arrow: the words at its ends, the file that hands on, and of each end a file or folder that it imports or is in. */
type Arrow = readonly [from: string, to: string, by: string, ofFrom: string, ofTo: string]

const pipeline = 'exporter/pipeline'
const fromALine: readonly Arrow[] = [
  ['source', 'envelope', 'exporter/source-reader.ts', 'exporter/contracts/source.ts', `${pipeline}/pipeline.ts`],
  ['envelope', 'dialect', 'decoding/dispatch.ts', 'decoding/envelopes/', 'decoding/dialects/'],
  ['dialect', 'authority', `${pipeline}/interpret.ts`, 'decoding/', `${pipeline}/authority.ts`],
  ['authority', 'attribution', `${pipeline}/interpret.ts`, `${pipeline}/authority.ts`, `${pipeline}/attribution.ts`],
  ['attribution', 'pairing', `${pipeline}/pipeline.ts`, `${pipeline}/interpret.ts`, `${pipeline}/pairing.ts`],
  ['pairing', 'SecurityEvent', `${pipeline}/pairing.ts`, `${pipeline}/pairing.ts`, 'core/event.ts'],
  ['SecurityEvent', 'counters', `${pipeline}/counters.ts`, 'core/event.ts', `${pipeline}/counters.ts`],
  ['SecurityEvent', 'minutes', `${pipeline}/minutes.ts`, 'core/event.ts', `${pipeline}/minutes.ts`],
  ['SecurityEvent', 'derivation', `${pipeline}/derivation.ts`, 'core/event.ts', `${pipeline}/derivation.ts`],
  ['SecurityEvent', 'offenders', `${pipeline}/offenders.ts`, 'core/event.ts', `${pipeline}/offenders.ts`],
  ['SecurityEvent', 'page', 'exporter/web/stats/last-hour.ts', 'core/event.ts', 'exporter/web/'],
  ['counters', 'state database', `${pipeline}/committer.ts`, `${pipeline}/pipeline.ts`, 'service/state/state.ts'],
  ['state database', 'published', `${pipeline}/committer.ts`, 'service/state/', 'service/series/series.ts'],
]

const remediation = 'remediation'
const runner = `${remediation}/steps/runner.ts`
const request = `${remediation}/steps/request`
const fromAnAlert: readonly Arrow[] = [
  ['intake/', 'responder/', `${remediation}/engine.ts`, `${remediation}/intake/`, `${remediation}/responder/`],
  [
    'enrichment/',
    'responder/',
    `${remediation}/responder/responder.ts`,
    `${remediation}/enrichment/`,
    `${remediation}/responder/`,
  ],
  [
    'responder/',
    'decision/',
    `${remediation}/responder/responder.ts`,
    `${remediation}/responder/`,
    `${remediation}/decision/decide.ts`,
  ],
  [
    'decision/',
    'steps/',
    `${remediation}/responder/decision-recorder.ts`,
    `${remediation}/decision/decide.ts`,
    `${remediation}/steps/recorder.ts`,
  ],
  ['runner', 'block/', `${remediation}/steps/executors.ts`, `${remediation}/steps/`, `${remediation}/steps/block/`],
  ['runner', 'request/', `${remediation}/steps/executors.ts`, `${remediation}/steps/`, `${request}/`],
  ['steps/', 'runner', runner, `${remediation}/steps/`, `${remediation}/steps/recorder.ts`],
  [
    'block/',
    'nftables',
    `${remediation}/steps/block/executor.ts`,
    `${remediation}/steps/block/`,
    `${remediation}/steps/block/nft/`,
  ],
  ['request/', 'outbox', `${request}/executor.ts`, `${request}/`, 'service/delivery/outbox.ts'],
  [
    'responder/',
    'operator/',
    `${remediation}/operator/commands.ts`,
    `${remediation}/responder/`,
    `${remediation}/operator/`,
  ],
]

/** The words at the ends of arrows, each once. */
const wordsOf = (arrows: readonly Arrow[]) => [
  ...new Set([...arrows.map(([from]) => from), ...arrows.map(([, to]) => to)]),
]

const page = read('docs/architecture.md')
const drawingUnder = (heading: string) =>
  new RegExp(`^## ${heading}\\n+\`\`\`\\n([^\`]*)\`\`\``, 'm').exec(page)?.[1] ?? ''
const files = repositoryFiles()

const importedBy = (file: string) => importsOf(file, read(file)).map(([, to]) => to)

describe.each([
  ['From a log line to /metrics', fromALine],
  ['From an alert to a block', fromAnAlert],
])('the drawing "%s"', (heading, arrows) => {
  const drawing = drawingUnder(heading)

  it('has the words of both ends of each arrow', () => {
    expect(wordsOf(arrows).filter(word => !drawing.includes(word))).toEqual([])
  })

  it('names folders that exist, and each of them is at an arrow', () => {
    const drawn = [...drawing.matchAll(/\b([a-z]+\/)/g)].map(([, name = '']) => name)
    expect(drawn.filter(name => !files.some(file => file.includes(`/${name}`)))).toEqual([])
    expect(drawn.filter(name => !wordsOf(arrows).includes(name))).toEqual([])
  })

  it.each(arrows)('has an arrow from %s to %s, as %s imports both', (_from, _to, by, ...ends) => {
    const reached = [by, ...importedBy(by)]
    expect(ends.filter(end => !reached.some(path => path.startsWith(end)))).toEqual([])
  })
})

it('each folder of remediation is in the drawing, or is imported by those that are', () => {
  const folders = new Set(files.flatMap(file => /^remediation\/([a-z]+\/)/.exec(file)?.[1] ?? []))
  // Data and what all of them use: the table beneath the drawing has them.
  const common = ['domain/', 'metrics/', 'store/', 'contracts/']
  expect([...folders].filter(folder => !wordsOf(fromAnAlert).includes(folder)).toSorted()).toEqual(common.toSorted())
})
