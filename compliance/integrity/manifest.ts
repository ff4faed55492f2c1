import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import type { Json } from '../../service/state/state.ts'
import { canonical, sha256 } from '../model/digest.ts'
import type { Report } from '../model/report.ts'
import { canonicalReport, REPORT_FILE } from '../render/data/json.ts'
import type { RenderedForm } from '../render/render-forms.ts'
import { readJson, readText } from './json-text.ts'
import { type FilePart, modelParts } from './model-parts.ts'
import { pageParts } from './pdf-text.ts'
import type { KeyRotation, PublicKey } from './signing-key.ts'

export const MANIFEST_FILE = 'manifest.json'
/** The ed25519 signature over the bytes of the manifest, base64 and a line break. */
export const SIGNATURE_FILE = 'manifest.sig'

/** One report as another manifest names it. */
export interface ManifestLink {
  readonly report: string
  readonly period: string
  readonly revision: number
  readonly sequence: number
  /** SHA-256 of the bytes of its manifest. */
  readonly sha256: string
}

/** What is not as a reader would expect, said by the report itself. What is found and not declared is a finding. */
export const declaredKinds = ['missing_report', 'missing_period', 'clock', 'early'] as const
export interface Declared {
  /**
   * `missing_report`: reports that were in the chain are gone. `missing_period`: no report is about a time. `clock`: the
   * clock was set back since the report before. `early`: it was made before its period had ended.
   */
  readonly kind: (typeof declaredKinds)[number]
  /** Sequence numbers, or times: the first of them, and the first that is not one of them. */
  readonly from: string
  readonly to: string
  readonly reason: string
}

export interface ManifestFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** Of `report.json` its controls, pieces of evidence and other members, of a PDF its pages. */
  readonly parts: readonly FilePart[]
}

export interface Manifest {
  readonly kind: 'clawtrust-report-manifest'
  readonly version: 1
  /** Id of the report. */
  readonly report: string
  readonly generator: Report['generator']
  readonly generatedAt: string
  readonly period: Report['period']
  /** 1, and one more each time a report about the same period is made again. */
  readonly revision: number
  /** Position in the chain: 1 for the first report of the folder. */
  readonly sequence: number
  /** The report with the sequence number before; null for the first. */
  readonly previous: ManifestLink | null
  /** The revision before; null for the first. */
  readonly replaces: ManifestLink | null
  readonly declared: readonly Declared[]
  /** SHA-256 of the model in the canonical form of RFC 8785. */
  readonly model: string
  /** SHA-256 of each result in that form. */
  readonly evidence: readonly { readonly id: string; readonly sha256: string }[]
  readonly files: readonly ManifestFile[]
  readonly key: (PublicKey & { readonly rotations: readonly KeyRotation[] }) | null
}

/** Its place in the chain, which the report itself does not know. */
export type ManifestPlace = Pick<Manifest, 'revision' | 'sequence' | 'previous' | 'replaces' | 'declared' | 'key'>

export function manifestOf(report: Report, files: readonly RenderedForm[], place: ManifestPlace): Manifest {
  const { revision, sequence, previous, replaces, declared, key } = place
  return {
    kind: 'clawtrust-report-manifest',
    version: 1,
    report: report.id,
    generator: report.generator,
    generatedAt: report.generatedAt,
    period: report.period,
    revision,
    sequence,
    previous,
    replaces,
    declared,
    key,
    model: sha256(canonicalReport(report)),
    evidence: report.evidence.map(({ id, sha256 }) => ({ id, sha256 })),
    files: files.map(({ name, bytes }) => ({
      name,
      bytes: bytes.byteLength,
      sha256: sha256(bytes),
      parts: name === REPORT_FILE ? modelParts(report) : name.endsWith('.pdf') ? pageParts(bytes) : [],
    })),
  }
}

/** The bytes that are signed and chained. */
export const manifestBytes = (manifest: Manifest): Buffer => Buffer.from(canonical(manifest as unknown as Json))

/**
 * The manifest in these bytes, which anyone may have written.
 *
 * @throws Fault unless it is one, in exactly its canonical form
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const json = readJson(bytes)
  const result = manifestSchema.safeParse(json)
  if (!result.success) {
    const path = ['', ...(result.error.issues[0]?.path ?? [])].join('/')
    throw new Fault(
      `it is not a manifest of version 1: the value at ${path || 'its root'} is missing or of another type`,
    )
  }
  if (canonical(json as Json) !== readText(bytes)) throw new Fault('it is not in the canonical form of RFC 8785')
  return json as Manifest
}

const MOST_FILES = 64
const MOST_PARTS = 20_000
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const text = z.string().max(4_000)
const number = z.number().int().min(1)
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const base64 = z.string().max(1_000)
export const linkSchema = z.strictObject({
  report: z.uuid(),
  period: text,
  revision: number,
  sequence: number,
  sha256: hash,
}) satisfies z.ZodType<ManifestLink>

export const rotationSchema = z.strictObject({
  kind: z.literal('clawtrust-report-key-rotation'),
  version: z.literal(1),
  from: hash,
  to: hash,
  publicKey: base64,
  at: time,
  signature: base64,
}) satisfies z.ZodType<KeyRotation>

/** Never a path: nothing outside of the folder of a report can be named. */
export const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9]{1,16}){0,3}$/

const manifestSchema = z.strictObject({
  kind: z.literal('clawtrust-report-manifest'),
  version: z.literal(1),
  report: z.uuid(),
  generator: z.strictObject({ name: z.literal('clawtrust'), version: text }),
  generatedAt: time,
  period: z.strictObject({ name: text, start: time, end: time, timeZone: text }),
  revision: number,
  sequence: number,
  previous: linkSchema.nullable(),
  replaces: linkSchema.nullable(),
  declared: z.array(z.strictObject({ kind: z.enum(declaredKinds), from: text, to: text, reason: text })).max(1_000),
  model: hash,
  evidence: z.array(z.strictObject({ id: text, sha256: hash })).max(MOST_PARTS),
  files: z
    .array(
      z.strictObject({
        name: z.string().regex(FILE_NAME),
        bytes: z.number().int().nonnegative(),
        sha256: hash,
        parts: z.array(z.strictObject({ name: text, sha256: hash })).max(MOST_PARTS),
      }),
    )
    .max(MOST_FILES),
  key: z
    .strictObject({
      fingerprint: hash,
      publicKey: base64,
      rotations: z.array(rotationSchema).max(100),
    })
    .nullable(),
}) satisfies z.ZodType<Manifest>
