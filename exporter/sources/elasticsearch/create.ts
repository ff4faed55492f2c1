import type { Clock } from '../../../core/clock.ts'
import { addressOf } from '../../../core/config/elasticsearch.ts'
import { documentReading } from '../../../decoding/documents.ts'
import { connect } from '../../../service/elasticsearch/compatibility.ts'
import { secretsOf } from '../../../service/elasticsearch/connection.ts'
import { checkCursorField, checkKeywordField } from '../../../service/elasticsearch/cursor-field.ts'
import type { Asked } from '../../../service/elasticsearch/failure.ts'
import { readConnection } from '../../../service/elasticsearch/read-connection.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Source } from '../../contracts/source.ts'
import type { ClientSessionOptions } from './client-session.ts'
import type { ElasticsearchSourceConfig } from './config.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import { createElasticsearchSource } from './source.ts'

/** The source that a section of the configuration describes. */
export function createElasticsearchSourceFrom(
  config: ElasticsearchSourceConfig,
  { clock, logger, wanted }: { readonly clock: Clock; readonly logger: Logger; readonly wanted: readonly string[] },
): Source {
  return createElasticsearchSource(optionsOf(config, wanted), {
    session: sessionOptionsOf(config),
    clock,
    logger,
    random: Math.random,
    sleep: sleepUntilAborted,
  })
}

function sessionOptionsOf(config: ElasticsearchSourceConfig): ClientSessionOptions {
  const { index, cursor_field: cursorField, shard_field: shardField, compatibility } = config
  const asked: Asked & { secrets: readonly string[] } = { index, address: addressOf(config), secrets: [] }
  return {
    asked,
    connect: async () => {
      const connection = await readConnection(config, process.env)
      asked.secrets = secretsOf(connection)
      return connect(connection, compatibility, index)
    },
    check: async client => {
      await checkCursorField(client, cursorField, asked)
      if (shardField !== undefined) await checkKeywordField(client, shardField, asked)
    },
  }
}

function optionsOf(config: ElasticsearchSourceConfig, wanted: readonly string[]): ElasticsearchSourceOptions {
  const { name, index, gateway, slices, interval, lag, overlap, horizon, history, shard, shard_field: field } = config
  const { sourceFields, documentMarks, open } = documentReading(config.envelope)
  return {
    name,
    index,
    ...(gateway === undefined ? {} : { gateway }),
    cursorField: config.cursor_field,
    fields: sourceFields,
    ...(open === undefined ? {} : { open }),
    wanted,
    documentMarks,
    pageSize: config.page_size,
    slices,
    interval,
    lag,
    overlap,
    horizon,
    reconcileInterval: config.reconcile_interval,
    maxSkew: config.max_skew,
    ...(shard === undefined || field === undefined ? {} : { shard: { ...shard, field } }),
    history,
  }
}
