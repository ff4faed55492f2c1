import { datasetFields, datasetOf, ownDatasets } from '../../toolkit/dataset.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { pathReader } from '../../toolkit/path.ts'
import type { Decoding, Origin } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { accessOfMessage, decodeMessage } from './decode-event.ts'
import { keycloakFootprint, keycloakSetup } from './setup.ts'

/** The logger of Keycloak's event listener. */
export const EVENT_LOGGER = 'org.keycloak.events'
const OWN_LOGGERS = 'org.keycloak.'

const readEcsLogger = pathReader('log.logger')
const readEcsHost = pathReader('host.hostname')

/** Keycloak's console as JSON, in the default layout and in that of ECS. The event is a text in `message` in both. */
export const keycloakJsonDialect: JsonLineDialect = {
  name: 'keycloak-json',
  format: 'json-line',
  prefilter: [EVENT_LOGGER],
  sourceFields: [
    ...datasetFields,
    'loggerName',
    'log.logger',
    'message',
    'timestamp',
    '@timestamp',
    'hostName',
    'host.hostname',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes', 'posture_drifts'],
  observer: 'identity-provider',
  footprint: keycloakFootprint,
  recognises: fields => isOwnLogger(loggerOf(fields)) && typeof fields.message === 'string',
  decode: decodeJson,
  access: ({ message }, decoding) => accessOfMessage(String(message), decoding),
  documentation: {
    reads:
      'Keycloak\'s console as JSON (`--log-console-output=json`, also with `--log-console-json-format=ecs`): its event listener `jboss-logging`, with messages of Keycloak 23 and later (`key="value"`) and of earlier releases (`key=value`)',
    samples: {
      kind: 'captured',
      from: 'Keycloak 26.4.0; messages without quotes are synthetic',
      test: 'test/stack/keycloak/keycloak.test.ts',
    },
    setup: keycloakSetup,
    rules: [
      '**Keycloak logs successes at level DEBUG by default**, so that they are missing in its log: raise them with `--spi-events-listener--jboss-logging--success-level=info` ([identity.md](identity.md)).',
      'In messages of Keycloak 23 and later a user can forge no field: quotation marks in values are escaped, and a field begins only where no value of a user can end. In earlier ones a user can write `, ipAddress=…`: a value counts only where its field occurs once, an address that occurs twice is unknown (`forgeable_text`), and the mechanism of a sign-in is `other`.',
      'The **trust zone** of an event of an identity provider is that of its signal: `agent-control` for sign-ins, `management-api` for changes by administrators. Rules attribute it by `service` (`Keycloak`) and `realm`.',
      "The begin of a lockout (`USER_DISABLED_BY_TEMPORARY_LOCKOUT`, logged as a success) counts as one lockout, each attempt that it refuses (`user_temporarily_disabled`) as another one. A sign-in that fails because of the client's configuration (`invalid_redirect_uri`) has the reason `client_misconfigured`; it is no guess at a password.",
      'Refreshed tokens, exchanged codes and the end of a session are no sign-ins: only their failures count. An operation of an administrator that failed is no drift. Whether an update of a user disabled it is known with `include-representation` only; without it, it is `user_changed`.',
      'An error that is in no table is `other`, with its word on the page and in no label.',
    ],
  },
}

const isOwnLogger = (logger: unknown): boolean => typeof logger === 'string' && logger.startsWith(OWN_LOGGERS)

/** In the layout of ECS, documents of Elastic's integration have the same logger. */
function loggerOf(fields: Fields): unknown {
  if (fields.loggerName !== undefined) return fields.loggerName
  const logger = readEcsLogger(fields)
  return logger === undefined || datasetOf(fields) === ownDatasets.keycloak ? undefined : logger
}

function decodeJson(fields: Fields): Decoding {
  const time = readTime(fields.timestamp) ?? readTime(fields['@timestamp'])
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  if (loggerOf(fields) !== EVENT_LOGGER) return { kind: 'no_signal', time, template: 'keycloak message' }
  return decodeMessage(fields.message as string, time, hostOf(fields))
}

function hostOf(fields: Fields): Origin {
  const host = textOf(fields.hostName) ?? textOf(readEcsHost(fields))
  return host === undefined ? {} : { host }
}
