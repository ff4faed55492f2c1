import type { Json } from '../../service/state/state.ts'
import { digestOf } from '../model/digest.ts'
import type { Report } from '../model/report.ts'

/** A part of a file that has a hash of its own, by which a check says where the file was changed. */
export interface FilePart {
  readonly name: string
  readonly sha256: string
}

/** The hash of each control, each piece of evidence and each other member of the model. */
export function modelParts(report: Report): readonly FilePart[] {
  return Object.entries(report as unknown as Readonly<Record<string, Json>>)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([member, value]) =>
      member === 'controls' || member === 'evidence'
        ? (value as readonly { readonly id: string }[]).map(each => ({
            name: `${member}/${each.id}`,
            sha256: digestOf(each as unknown as Json),
          }))
        : [{ name: member, sha256: digestOf(value) }],
    )
}
