import { systemClock } from '../core/clock.ts'
import { zoneRules } from '../core/config/trust-zones.ts'
import { compileTrustZones } from '../core/trust-zones.ts'
import { createDispatcher } from '../decoding/dispatch.ts'
import { createDialects } from '../decoding/registry.ts'
import { AddressTrust } from '../exporter/pipeline/address.ts'
import { type InterpretContext, interpret } from '../exporter/pipeline/interpret.ts'
import { LastEvents } from '../exporter/pipeline/last-events.ts'
import { incompleteSentence, Recognition } from '../exporter/pipeline/recognition.ts'
import { ContainerFilter } from '../exporter/sources/file/containers.ts'
import { discoverFiles, errorCode, troubleWith } from '../exporter/sources/file/discovery.ts'
import type { FileSourceConfig } from '../exporter/sources/file/kind.ts'
import { isDurable, type SourceConfig, sourceKind } from '../exporter/sources/registry.ts'
import type { CoveredSource } from '../exporter/web/signal-coverage/covered-source.ts'
import type { Config } from './config-schema.ts'
import { beginningOf, consoleTextOf, lastLinesOf } from './file-lines.ts'

/** Files of one source that are looked at, those written last. */
const MAX_FILES = 20

/** The sources of a configuration, by a look at the first and the last lines of their files; no other source is asked. */
export async function lookAtSources({ exporter, trust_zones }: Config): Promise<readonly CoveredSource[]> {
  const context: InterpretContext = {
    clock: systemClock,
    dispatcher: createDispatcher(createDialects({ entraCodes: exporter.entra_codes })),
    zones: compileTrustZones(zoneRules(trust_zones)),
    authority: exporter.authority,
    addresses: new AddressTrust(exporter.trusted_proxies, exporter.nat64_prefixes),
  }
  const sources = exporter.sources.filter(isDurable)
  return Promise.all(
    sources.map(source => (source.type === 'file' ? lookAtFiles(source, context) : notLookedAt(source))),
  )
}

const notLookedAt = ({ name, type }: SourceConfig): CoveredSource => ({
  name,
  signals: sourceKind(type).signals,
  up: true,
  isRecognised: undefined,
  dialects: new Map(),
  lastEvents: [],
  incomplete: [],
})

async function lookAtFiles(source: FileSourceConfig, context: InterpretContext): Promise<CoveredSource> {
  const { name, paths, containers, gateway } = source
  const filter = containers === undefined ? undefined : new ContainerFilter(containers)
  const { files, troubles } = await discoverFiles(paths, filter)
  const recognition = new Recognition(context.dispatcher)
  const lastEvents = new LastEvents()
  const unread: string[] = []
  for (const { path } of files.slice(-MAX_FILES)) {
    const lines = await linesOf(path).catch(error => {
      unread.push(troubleWith(path, errorCode(error)))
      return []
    })
    const forgeable = consoleTextOf(lines)
    for (const [number, body] of lines.entries()) {
      const record = {
        id: `${path}:${number}`,
        body,
        place: { kind: 'file' as const, name: path },
        ...(gateway === undefined ? {} : { gateway }),
        ...(forgeable === undefined ? {} : { forgeable }),
      }
      const interpreted = interpret(name, record, context)
      recognition.record(record, interpreted)
      if (interpreted.kind === 'event') {
        lastEvents.observe(name, interpreted.decoder, interpreted.events, context.clock)
      }
    }
  }
  const [reason] = [...unread, ...troubles]
  return {
    name,
    up: reason === undefined || files.length > unread.length,
    ...(reason === undefined ? {} : { reason }),
    isRecognised: recognition.isRecognised,
    dialects: recognition.dialects,
    lastEvents: lastEvents.of(name),
    incomplete: recognition.incomplete.map(place => ({ dialect: place.decoder, sentence: incompleteSentence(place) })),
  }
}

async function linesOf(path: string): Promise<readonly string[]> {
  const head = (await beginningOf(path)).split('\n').slice(0, -1)
  return [...head, ...(await lastLinesOf(path))]
}
