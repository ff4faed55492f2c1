import { canonical } from '../../model/digest.ts'
import type { EvidencePiece, ReportFramework } from '../../model/report.ts'
import { REPORT_FILE } from '../data/json.ts'
import { markup, markupLine, present, stringOf, webAddress } from './datatypes.ts'
import { type OscalDocument, property } from './document.ts'

/** The resource that stands for the assessment plan: the catalogue that was followed. */
export const planUuid = ({ uuid }: OscalDocument): string => uuid('plan')

/** Back matter: the plan, the frameworks, and every piece of evidence with its hash. */
export function resourcesOf(document: OscalDocument): readonly object[] {
  const { frameworks, evidence } = document.report
  return [
    {
      uuid: planUuid(document),
      title: 'Catalogue of controls',
      description:
        'There is no assessment plan in OSCAL. The catalogue of the frameworks below says which evidence each control needs.',
    },
    ...frameworks.map(framework => frameworkResource(document, framework)),
    ...evidence.map((piece, index) => evidenceResource(document, piece, index)),
  ]
}

function frameworkResource({ uuid }: OscalDocument, framework: ReportFramework): object {
  const source = webAddress(framework.source)
  return present({
    uuid: uuid('framework', framework.id),
    title: markupLine(`${framework.title} ${framework.version}`),
    description:
      'A framework of controls. The property catalogue-sha256 is the hash of the file that maps it to evidence.',
    props: [...property('framework', framework.id), ...property('catalogue-sha256', framework.sha256)],
    rlinks: source === undefined ? [] : [{ href: source }],
  })
}

const SHA_256 = /^[0-9a-f]{64}$/

/** The hash is that of the value at the JSON pointer, in the canonical form of RFC 8785. */
function evidenceResource({ uuid }: OscalDocument, piece: EvidencePiece, index: number): object {
  return present({
    uuid: uuid('evidence', piece.id),
    title: markupLine(piece.title),
    description: markup(
      piece.fault === ''
        ? 'The result of a query. Its hash is that of the value at the JSON pointer in the canonical form of RFC 8785.'
        : `The store could not be read: ${piece.fault}`,
    ),
    props: [
      ...property('evidence', piece.id),
      ...property('kind', piece.kind),
      ...property('store', piece.store),
      ...property('address', piece.address),
      ...property('index', piece.index),
      ...property('query', typeof piece.query === 'string' ? piece.query : canonical(piece.query)),
      ...property('from', piece.window.start),
      ...property('to', piece.window.end),
      ...property('count', piece.count),
      ...property('value', piece.value),
      ...property('unit', piece.unit),
      ...property('newest', piece.newest),
      ...Object.entries(piece.byZone)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([zone, value]) => property('by-trust-zone', `${zone} ${value}`)),
      ...piece.samples.flatMap(sample => property('sample', sample)),
      ...piece.gaps.flatMap(gap => property('gap', `${gap.of}, ${gap.start} to ${gap.end}: ${gap.reason}`)),
      ...(piece.fault === '' ? [] : property('coverage-gap', stringOf(piece.fault) ?? 'unnamed')),
    ],
    rlinks: [
      present({
        href: `${REPORT_FILE}#/evidence/${index}/result`,
        'media-type': 'application/json',
        hashes: SHA_256.test(piece.sha256) ? [{ algorithm: 'SHA-256', value: piece.sha256 }] : [],
      }),
    ],
  })
}
