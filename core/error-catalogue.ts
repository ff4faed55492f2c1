/**
 * Every error that a user can meet: its stable code, what it means and what to do.
 * docs/errors.md is generated from this table; a test holds both together. Codes are never reused.
 */
export interface ErrorEntry {
  readonly meaning: string
  readonly remedy: string
}

export const errorCatalogue = {
  CONFIG_UNKNOWN_KEY: {
    meaning: 'The configuration holds a key that clawtrust does not know.',
    remedy: 'Correct the key; the message names the nearest known one and the line.',
  },
  CONFIG_INVALID: {
    meaning: 'A value of the configuration has the wrong type or is out of range.',
    remedy: 'Correct the value at the line that the message names; docs/configuration.md lists types and ranges.',
  },
  CONFIG_UNREADABLE: {
    meaning: 'The configuration file could not be read or is not YAML.',
    remedy: 'Check the path, its permissions and the YAML at the line that the message names.',
  },
  STATE_FOLDER_IN_USE: {
    meaning: 'Another clawtrust process owns the state folder.',
    remedy: 'Stop the other process, or give each process a state folder of its own.',
  },
  STATE_UNUSABLE: {
    meaning: 'The state folder or its database cannot be opened.',
    remedy: 'Check that the folder exists, that this user may write to it and that its disk has space.',
  },
  STATE_WRITE_FAILED: {
    meaning: 'A commit of the state database failed; exposed values stand still and the commit is tried again.',
    remedy: 'Free space on the disk or mend its permissions; clawtrust goes on by itself.',
  },
  STATE_FOLDER_FULL: {
    meaning:
      'The state folder has reached its limit; reading pauses so that nothing is lost, and exposed values stand still.',
    remedy:
      'Raise `exporter.state_limit` and reload, if the disk has room. See why so much is kept: clawtrust_state_folder_bytes, and the horizon of the sources.',
  },
  SECRET_UNREADABLE: {
    meaning:
      'A file or a variable of the environment that the configuration names for a secret, a certificate or a key cannot be used.',
    remedy:
      'Check the path, its permissions and what the file holds, or set the variable; the message names the key of the configuration.',
  },
  USAGE: {
    meaning: 'The command line names something that is not there or does not fit together.',
    remedy: 'Correct what the message names; `clawtrust help` lists commands and options.',
  },
  ANOMALY_INPUT_INVALID: {
    meaning: 'A series was given a count or a time that cannot be scored; its state is unchanged.',
    remedy:
      'The message names the series and the value. Minutes come once, in order, with counts that are finite and not negative.',
  },
  ELASTICSEARCH_NO_INDEX: {
    meaning:
      'The pattern matches no index, or the reader has no privilege on what it matches; Elasticsearch answers both alike.',
    remedy: 'Check the pattern with `clawtrust elastic check`, and grant the role read and view_index_metadata on it.',
  },
  ELASTICSEARCH_PARTIAL: {
    meaning: 'Elasticsearch answered with a part of the documents only, because shards failed or time ran out.',
    remedy:
      'Nothing was counted twice or lost: the window is read again. If it stays, look at the health of the cluster.',
  },
  ELASTICSEARCH_UNREACHABLE: {
    meaning: 'No connection to Elasticsearch comes about.',
    remedy: 'Check address, port, proxy and network; clawtrust goes on trying.',
  },
  ELASTICSEARCH_PROXY: {
    meaning: 'The proxy on the way to Elasticsearch refuses the credentials, or does not lead to that address.',
    remedy:
      'Put valid credentials into proxy_username and proxy_password, or the file, which is read again by itself; or let the proxy build tunnels there.',
  },
  ELASTICSEARCH_UNTRUSTED: {
    meaning: 'The certificate that the server showed was not signed by an authority that clawtrust trusts.',
    remedy: 'Set ca_file to the authority of the cluster, and use a host name that stands in the certificate.',
  },
  ELASTICSEARCH_UNAUTHENTICATED: {
    meaning: 'Elasticsearch does not accept the API key, or user and password.',
    remedy: 'Put valid credentials in place; those in files are read again by themselves.',
  },
  ELASTICSEARCH_FORBIDDEN: {
    meaning: 'The credentials are right, but may not read these indices.',
    remedy: 'Grant their role read and view_index_metadata on the indices that the message names.',
  },
  ELASTICSEARCH_OTHER_PRODUCT: {
    meaning: 'Something answers at the address that is no Elasticsearch of version 8 or 9.',
    remedy: 'Check the address and the proxies in front of it.',
  },
  ELASTICSEARCH_TIMEOUT: {
    meaning: 'A request took longer than request_timeout.',
    remedy: 'Check the load of the cluster and whether a node hangs; nothing is lost meanwhile.',
  },
  ELASTICSEARCH_OVERLOADED: {
    meaning: 'Elasticsearch refused a search because it has too much to do.',
    remedy: 'Nothing is lost: the same documents are asked for again, with growing pauses.',
  },
  ELASTICSEARCH_UNAVAILABLE: {
    meaning: 'Elasticsearch answers, but no copy of some shard can be searched.',
    remedy: 'Check the health of the cluster; nothing is lost meanwhile.',
  },
  ELASTICSEARCH_REMOTE: {
    meaning: 'Elasticsearch cannot reach a remote cluster whose indices are to be read, or knows none of that name.',
    remedy:
      'Check that it runs and how the cluster reaches it (`GET _remote/info`), or correct `index`; nothing is lost meanwhile.',
  },
  ELASTICSEARCH_CURSOR_FIELD: {
    meaning: 'The field that tells when a document came in is not mapped as a date.',
    remedy: 'Install the index template with `clawtrust elastic setup`, or name another cursor_field.',
  },
  ELASTICSEARCH_SHARD_FIELD: {
    meaning: 'Readers are to share the gateways, but the field that holds the gateway is not mapped as keyword.',
    remedy: 'Name a mapped keyword field in shard_field, or read without shard.',
  },
  ELASTICSEARCH_SETUP: {
    meaning: 'Elasticsearch refused a call that makes it ready for the logs.',
    remedy: 'The message names the call and what to do; calls before it were made and may be made again.',
  },
  ELASTICSEARCH_CHECK: {
    meaning: 'The check of Elasticsearch found that events are lost or cannot be read.',
    remedy: 'Each problem stands above it in a sentence with what to do.',
  },
  ELASTICSEARCH_FAILED: {
    meaning: 'Elasticsearch answered with an error that has no entry of its own.',
    remedy: 'The message quotes it; clawtrust goes on trying.',
  },
  LISTEN_UNAUTHENTICATED: {
    meaning: 'The service would be reachable from other machines without anybody having to sign in.',
    remedy:
      'Name a web configuration file with basic_auth_users or verified client certificates, listen on loopback, or allow it by --web.allow-unauthenticated.',
  },
  LISTEN_FAILED: {
    meaning: 'The address cannot be listened on.',
    remedy: 'Choose a free port and an address of this machine; the message names both.',
  },
  CONFIG_NEEDS_RESTART: {
    meaning: 'A reload brought another value of a key that is only read at the start.',
    remedy: 'Restart clawtrust, or put the old value back.',
  },
  LEDGER_BROKEN: {
    meaning: 'The audit trail of the remediation service was changed after it was written, or lost records.',
    remedy:
      'Keep the ledger as it is and find out who could write to its folder; the message names the first wrong record.',
  },
  LEDGER_UNUSABLE: {
    meaning:
      'The ledger of the remediation service cannot be opened. It is never replaced by itself: it holds what is blocked, and the evidence.',
    remedy: 'Mend what the message names, or move the ledger away and begin a new one, which knows of no block.',
  },
  WEBHOOK_UNAUTHENTICATED: {
    meaning: 'The remediation service would act on alerts that anybody could have sent.',
    remedy:
      'Set remediation.webhook.bearer_token_file or grafana_secret_file, or demand verified client certificates in the web configuration; mode observe needs none.',
  },
  DATABASE_UNUSABLE: {
    meaning: 'A GeoIP database or a list of threat intelligence cannot be read.',
    remedy: 'Check the path, its permissions and the format; until then it says `unknown`.',
  },
  EXPORTER_UNREACHABLE: {
    meaning: 'A command asks the running exporter, and none answers at the address.',
    remedy:
      'Start the exporter, or name its address by --web.url; behind TLS the authority is taken from NODE_EXTRA_CA_CERTS.',
  },
  NOT_RUNNING: {
    meaning: 'Something asked for a part of clawtrust that has not started or has stopped.',
    remedy: 'Wait for the start to finish, or start it.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue
