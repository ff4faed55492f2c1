import type { Account } from '../../../core/event.ts'
import type { DeviceCompliance, Mechanism } from '../../../core/labels/authentication.ts'
import type { Severity } from '../../../core/labels/event.ts'
import { signals } from '../../../core/signals.ts'
import { type Access, accessOfSignIn } from '../../toolkit/access.ts'
import { authenticated, drifted, foldReason, lockedOut, refused } from '../../toolkit/claims.ts'
import { datasetFields, datasetOf, ownDatasets } from '../../toolkit/dataset.ts'
import { codeOf, type Fields, textOf } from '../../toolkit/fields.ts'
import { originFields, originOf } from '../../toolkit/origin.ts'
import { pathReaders } from '../../toolkit/path.ts'
import type { Claim, ClaimDraft, ClaimedActor, Decoding } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import type { DocumentDialect } from '../dialect.ts'
import { keysOf } from '../flow-tuple.ts'
import { readIndex } from '../setup.ts'
import { type CodeTable, defaultCodes } from './codes.ts'

const OF_SIGN_IN = 'azure.signinlogs.'
const paths = {
  category: `${OF_SIGN_IN}category`,
  result: `${OF_SIGN_IN}result_type`,
  errorCode: `${OF_SIGN_IN}properties.status.error_code`,
  id: `${OF_SIGN_IN}properties.id`,
  protocol: `${OF_SIGN_IN}properties.authentication_protocol`,
  principal: `${OF_SIGN_IN}properties.user_principal_name`,
  userId: `${OF_SIGN_IN}properties.user_id`,
  servicePrincipalId: `${OF_SIGN_IN}properties.service_principal_id`,
  servicePrincipalName: `${OF_SIGN_IN}properties.service_principal_name`,
  appId: `${OF_SIGN_IN}properties.app_id`,
  resourceId: `${OF_SIGN_IN}properties.resource_id`,
  risk: `${OF_SIGN_IN}properties.risk_level_during_signin`,
  deviceId: `${OF_SIGN_IN}properties.device_detail.device_id`,
  isCompliant: `${OF_SIGN_IN}properties.device_detail.is_compliant`,
  tenant: 'azure.tenant_id',
  eventId: 'event.id',
  kind: 'event.kind',
  address: 'source.ip',
  userName: 'user.name',
} as const
const readers = pathReaders(paths)

/** Fields of a sign-in that are other ones each time, and decide nothing. */
const OF_ONE_SIGN_IN: ReadonlySet<string> = new Set([paths.id, paths.eventId])

const SERVICE = 'Entra ID'

/** Sign-ins of Entra ID, as Elastic's integration for Azure stores them. */
export function createEntraDialect(codes: CodeTable = {}): DocumentDialect {
  const meanings = new Map(Object.entries({ ...defaultCodes, ...codes }))
  return {
    name: 'entra-sign-in',
    format: 'document',
    prefilter: 'all',
    sourceFields: ['@timestamp', 'ts', ...datasetFields, ...originFields, ...Object.values(paths)],
    signals: ['auth_failures', 'auth_lockouts', 'auth_successes', 'posture_drifts'],
    observer: 'identity-provider',
    recognises: document => datasetOf(document) === ownDatasets.entraSignIns,
    tuple: {
      marks: ['data_stream.dataset', paths.category],
      required: [{ field: 'data_stream.dataset', value: ownDatasets.entraSignIns }],
      times: ['@timestamp'],
      keys: keysOf(...Object.values(paths).filter(path => !OF_ONE_SIGN_IN.has(path))),
    },
    decode: document => decode(document, meanings),
    access,
    documentation: {
      reads:
        "sign-ins of Entra ID as Elastic's integration for Azure stores them (`data_stream.dataset: azure.signinlogs`); documents only",
      samples: { kind: 'documented', from: "the ingest pipeline of Elastic's integration" },
      setup: [readIndex('entra', 'logs-azure.signinlogs-*')],
      rules: [
        'Of a sign-in at Entra ID **the code decides, not `event.outcome`**: 0 is a success, an interrupt (50140, "keep me signed in") is neither a success nor a failure, although Elastic marks it as one. `exporter.entra_codes` adds codes and overrides their meaning, because Microsoft may change them at any time. Every other code is `other`, with the code on the page and in no label.',
        'Entra ID exports a sign-in again when it has changed. It counts once, by its id, within the horizon of the source.',
        'A sign-in that was granted although Entra ID saw a medium or high risk in it (`risk_level_during_signin`) is also a drift `risky_sign_in` of that severity; one from a device that is not compliant (`is_compliant`) is also a drift `noncompliant_device`. A sign-in that was refused because of its device has the reason `device_noncompliant`.',
        'A sign-in that names its device and says whether that is compliant, granted or refused, also counts for the device: its `compliant` is as in an inventory.',
        'The mechanism is that of the protocol, where a document has it; else by the kind of sign-in: `client_credentials` of service principals and managed identities, `refresh_token` of sign-ins without a user, `oidc`.',
      ],
      sections: [
        {
          title: 'Codes of Entra ID',
          text: '`interrupt` moves no signal, `locked` is a lockout; the others are reasons of `clawtrust_auth_failures_total`. After the codes that Microsoft documents.',
          tables: [
            {
              title: 'Meanings by default',
              header: ['code', 'meaning'],
              rows: Object.entries(defaultCodes).map(([code, meaning]) => [code, `\`${meaning}\``]),
            },
          ],
        },
      ],
    },
  }
}

function decode(document: Fields, meanings: ReadonlyMap<string, string>): Decoding {
  const time = readStoredTime(document)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const code = codeOf(readers.errorCode(document)) ?? codeOf(readers.result(document))
  if (code === undefined || readers.kind(document) === 'pipeline_error') {
    return { kind: 'undecoded', time, reason: 'unknown_layout' }
  }
  const meaning = code === '0' ? 'success' : (meanings.get(code) ?? 'other')
  if (meaning === 'interrupt') return { kind: 'no_signal', time, template: 'entra interrupt' }
  const id = textOf(readers.id(document)) ?? textOf(readers.eventId(document))
  const claim: Claim = {
    ...draftOf(document, meaning),
    time,
    count: 1,
    stream: 'other',
    origin: { service: SERVICE, ...realmOf(document), ...originOf(document) },
    actor: actorOf(document),
    account: accountOf(document),
    ...(meaning === 'other' && { code }),
    ...alsoOf(document, meaning),
    ...(id !== undefined && { pair: { key: `entra ${id}`, role: 'leading' as const } }),
  }
  return { kind: 'claim', time, claim }
}

/** What was signed in to: the resource by its id, because names of it contain spaces and change. */
function access(document: Fields, decoding: Decoding): Access | undefined {
  if (decoding.kind !== 'claim') return undefined
  const service = textOf(readers.resourceId(document))
  return accessOfSignIn(decoding.claim, { destination: service === undefined ? {} : { service } })
}

/** A sign-in that was granted in spite of its risk, or from a device that is not compliant. */
function alsoOf(document: Fields, meaning: string): Pick<Claim, 'also'> {
  if (meaning !== 'success') return {}
  const risk = severityByRisk.get(readers.risk(document))
  const also = [
    ...(risk === undefined ? [] : [drifted('risky_sign_in', risk)]),
    ...(readers.isCompliant(document) === false ? [drifted('noncompliant_device')] : []),
  ]
  return also.length === 0 ? {} : { also }
}

function draftOf(document: Fields, meaning: string): ClaimDraft {
  const mechanism = mechanismOf(document)
  const risk = severityByRisk.get(readers.risk(document))
  if (meaning === 'success') return authenticated(mechanism, risk ?? signals.auth_successes.severity)
  if (meaning === 'locked') return lockedOut(mechanism)
  return refused(mechanism, foldReason(meaning), risk === 'high' ? risk : undefined)
}

/** The words of Microsoft for the risk of a sign-in; `none`, `hidden` and new words raise nothing. */
const severityByRisk = new Map<unknown, Severity>([
  ['medium', 'medium'],
  ['high', 'high'],
])

const mechanismByProtocol = new Map<unknown, Mechanism>([
  ['ropc', 'password'],
  ['saml20', 'saml'],
  ['wsFederation', 'saml'],
])

const mechanismByCategory = new Map<unknown, Mechanism>([
  ['ServicePrincipalSignInLogs', 'client_credentials'],
  ['ManagedIdentitySignInLogs', 'client_credentials'],
  ['NonInteractiveUserSignInLogs', 'refresh_token'],
])

function mechanismOf(document: Fields): Mechanism {
  return (
    mechanismByProtocol.get(readers.protocol(document)) ?? mechanismByCategory.get(readers.category(document)) ?? 'oidc'
  )
}

/** Everything of a sign-in but what was typed is filled by Entra ID, the address of the connection too. */
function actorOf(document: Fields): ClaimedActor {
  const { name, id } = accountOf(document)
  const identity = name ?? id
  const device = textOf(readers.deviceId(document))
  const resolvedAddress = textOf(readers.address(document))
  const deviceCompliance = postureByCompliance.get(readers.isCompliant(document))
  return {
    ...(identity !== undefined && { identity }),
    ...(device !== undefined && { device }),
    ...(resolvedAddress !== undefined && { resolvedAddress }),
    ...(deviceCompliance !== undefined && device !== undefined && { deviceCompliance }),
  }
}

const postureByCompliance = new Map<unknown, DeviceCompliance>([
  [true, 'compliant'],
  [false, 'noncompliant'],
])

function accountOf(document: Fields): Account {
  const principalId = textOf(readers.servicePrincipalId(document))
  if (principalId !== undefined) {
    const name = textOf(readers.servicePrincipalName(document)) ?? textOf(readers.appId(document))
    return { kind: 'client', ...realmOf(document), id: principalId, ...(name !== undefined && { name }) }
  }
  const id = textOf(readers.userId(document))
  const name = textOf(readers.principal(document)) ?? textOf(readers.userName(document))
  return { kind: 'user', ...realmOf(document), ...(id !== undefined && { id }), ...(name !== undefined && { name }) }
}

function realmOf(document: Fields): { readonly realm?: string } {
  const realm = textOf(readers.tenant(document))
  return realm === undefined ? {} : { realm }
}
