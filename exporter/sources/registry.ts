import { z } from 'zod'
import type { Source } from '../contracts/source.ts'
import type { AbsolutePath, SourceDependencies } from '../contracts/source-kind.ts'
import { certificatesSource } from './certificates/kind.ts'
import { elasticsearchSource } from './elasticsearch/kind.ts'
import { fileSource } from './file/kind.ts'
import { otlpSource } from './otlp/kind.ts'
import { postureSource } from './posture/kind.ts'
import { recordingSource } from './recording/kind.ts'
import { wireguardSource } from './wireguard/kind.ts'

/** Every kind of source, in the order of docs/configuration.md. */
export const sourceKinds = [
  fileSource,
  elasticsearchSource,
  otlpSource,
  postureSource,
  certificatesSource,
  wireguardSource,
  recordingSource,
] as const

type Kinds = typeof sourceKinds
type SchemasOf<All extends readonly { readonly schema: unknown }[]> = {
  -readonly [Index in keyof All]: All[Index]['schema']
}

/** One entry of `exporter.sources`. */
export const sourceSchema = z.discriminatedUnion(
  'type',
  sourceKinds.map(({ schema }) => schema) as unknown as SchemasOf<Kinds>,
)
export type SourceConfig = z.output<typeof sourceSchema>

/** The source that a section of the configuration describes. */
export async function createSource(config: SourceConfig, dependencies: SourceDependencies): Promise<Source> {
  const logger = dependencies.logger.with({ source: config.name })
  // The kind of a configuration takes this configuration, which its type alone does not say.
  return sourceKind(config.type).create(config as never, { ...dependencies, logger })
}

/** The same configuration with its relative paths made absolute. */
export function resolveSourcePaths(config: SourceConfig, absolute: AbsolutePath): SourceConfig {
  return sourceKind(config.type).resolvePaths(config as never, absolute)
}

/** Whether what is counted of these sources is kept through restarts; all sources of a configuration are alike. */
export const isDurable = ({ type }: Pick<SourceConfig, 'type'>): boolean => sourceKind(type).durable

/** The kind with this type, that of a configuration or of a source. */
export function sourceKind(type: string): Kinds[number] {
  return sourceKinds.find(kind => kind.type === type) as Kinds[number]
}
