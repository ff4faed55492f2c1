/**
 * Every error that a user may see: its stable code, its meaning and its remedy. docs/errors.md is generated from this
 * table. Codes are never reused.
 */
export interface ErrorEntry {
  readonly meaning: string
  readonly remedy: string
  /** Whether the user's own input is wrong and trying again changes nothing: a command ends with 2 then, otherwise with 1. */
  readonly isWrongInput: boolean
  /** Of a command that ends with another code, so that a script can distinguish it. */
  readonly exitCode?: number
}

export const errorCatalogue = {
  CONFIG_UNKNOWN_KEY: {
    meaning: 'The configuration, or a file of the catalogue of controls, contains an unknown key.',
    remedy: 'Correct the key; the message contains the line and the most similar known key.',
    isWrongInput: true,
  },
  CONFIG_INVALID: {
    meaning:
      'A value of the configuration, or of a file of the catalogue of controls, has the wrong type, is out of range, or refers to something that does not exist.',
    remedy:
      'Correct the value at the line in the message; docs/configuration.md lists types and ranges, docs/compliance.md those of the catalogue.',
    isWrongInput: true,
  },
  CONFIG_UNREADABLE: {
    meaning: 'The configuration file, or a file of the catalogue of controls, could not be read or is not YAML.',
    remedy: 'Check the path, its permissions and the YAML at the line in the message.',
    isWrongInput: true,
  },
  COVERAGE_BLIND: {
    meaning:
      '`clawtrust doctor` found signals that no source reads, or records that are written on the host and not read.',
    remedy: 'Add the lines that it printed, or leave blind what the deployment does not have.',
    isWrongInput: false,
  },
  REPORTS_ELSEWHERE: {
    meaning: 'Another process has the lease of the reports and makes or delivers them.',
    remedy: 'Try again when it has ended; a lease that is not renewed is free after ten minutes.',
    isWrongInput: false,
  },
  STATE_FOLDER_IN_USE: {
    meaning: 'Another clawtrust process uses the state folder.',
    remedy: 'Stop the other process, or give each process a state folder of its own.',
    isWrongInput: false,
  },
  STATE_UNUSABLE: {
    meaning: 'The state folder or its database cannot be opened.',
    remedy: 'Check that the folder exists, that it is writable for this user and that its disk has free space.',
    isWrongInput: false,
  },
  STATE_DAMAGED: {
    meaning:
      'The state database is damaged, or belongs to another program. It is never replaced automatically, and left unchanged.',
    remedy:
      'Restore a copy of the file, or move it away with its `-wal` and `-shm` files: counters then start from zero. See docs/upgrade.md.',
    isWrongInput: false,
  },
  STATE_WRITE_FAILED: {
    meaning: 'A commit of the state database failed; exposed values are frozen and the commit is retried.',
    remedy: 'Free disk space or correct the permissions; clawtrust continues automatically.',
    isWrongInput: false,
  },
  STATE_FOLDER_FULL: {
    meaning:
      'The state folder has reached its limit; reading pauses so that nothing is lost, and exposed values are frozen.',
    remedy:
      'Raise `exporter.state_limit` and reload, if the disk has room. For the cause, check clawtrust_state_folder_bytes and the horizon of the sources.',
    isWrongInput: false,
  },
  SECRET_UNREADABLE: {
    meaning:
      'A file or an environment variable that the configuration names for a secret, a certificate or a key cannot be used.',
    remedy:
      'Check the path, its permissions and the content of the file, or set the variable; the message contains the configuration key.',
    isWrongInput: true,
  },
  LOG_FOLDER_UNREADABLE: {
    meaning:
      'No sources are configured, and a default log folder of OpenClaw exists but cannot be listed, or a folder above it cannot be entered.',
    remedy:
      'Run clawtrust as a user with permission for the folder in the message, or configure a source; the demo starts only where no such folder holds a log.',
    isWrongInput: true,
  },
  USAGE: {
    meaning: 'The command line names something that does not exist, or its options conflict.',
    remedy: 'Correct the argument in the message; `clawtrust help` lists commands and options.',
    isWrongInput: true,
  },
  ANOMALY_INPUT_INVALID: {
    meaning: 'A series received a count or a time that cannot be scored; its state is unchanged.',
    remedy:
      'The message contains the series and the value. Each minute must be given once, in order, with a count that is finite and not negative.',
    isWrongInput: false,
  },
  ELASTICSEARCH_NO_INDEX: {
    meaning:
      'The pattern matches no index, or the reader has no privilege on its indices; Elasticsearch returns the same response for both.',
    remedy: 'Check the pattern with `clawtrust elastic check`, and grant the role read and view_index_metadata on it.',
    isWrongInput: false,
  },
  ELASTICSEARCH_PARTIAL: {
    meaning: 'Elasticsearch returned only a part of the documents, because shards failed or the search timed out.',
    remedy:
      'Nothing is counted twice or lost: the window is read again. If the error persists, check the health of the cluster.',
    isWrongInput: false,
  },
  ELASTICSEARCH_UNREACHABLE: {
    meaning: 'A connection to Elasticsearch cannot be established.',
    remedy: 'Check address, port, proxy and network; clawtrust retries.',
    isWrongInput: false,
  },
  ELASTICSEARCH_PROXY: {
    meaning:
      'The proxy between clawtrust and Elasticsearch refuses the credentials, or does not connect to the address.',
    remedy:
      'Set valid credentials in proxy_username and proxy_password, or in the file, which is read again automatically; or allow tunnels (CONNECT) to the address at the proxy.',
    isWrongInput: false,
  },
  ELASTICSEARCH_UNTRUSTED: {
    meaning:
      'The certificate of the server was not signed by a trusted authority, has expired, is not yet valid or is for other host names, or its authority does not have the configured fingerprint.',
    remedy:
      'The message contains the reason. Set ca_file to the authority of the cluster, ca_fingerprint to the fingerprint of that authority, and use a host name that is in the certificate.',
    isWrongInput: false,
  },
  ELASTICSEARCH_UNAUTHENTICATED: {
    meaning: 'Elasticsearch refuses the API key, or user and password.',
    remedy: 'Set valid credentials; those in files are read again automatically.',
    isWrongInput: false,
  },
  ELASTICSEARCH_FORBIDDEN: {
    meaning: 'The credentials are valid, but have no privilege to read these indices.',
    remedy: 'Grant their role read and view_index_metadata on the indices in the message.',
    isWrongInput: false,
  },
  ELASTICSEARCH_OTHER_PRODUCT: {
    meaning: 'The server at the address is not Elasticsearch 8 or 9, but for example Kibana, OpenSearch or a proxy.',
    remedy: 'Set the address and port of Elasticsearch itself; the message contains what answered.',
    isWrongInput: false,
  },
  ELASTICSEARCH_TIMEOUT: {
    meaning: 'A request took longer than request_timeout.',
    remedy: 'Check the load of the cluster and whether a node hangs; nothing is lost.',
    isWrongInput: false,
  },
  ELASTICSEARCH_OVERLOADED: {
    meaning: 'Elasticsearch refused a search because it is overloaded.',
    remedy: 'Nothing is lost: the search is repeated, with increasing pauses.',
    isWrongInput: false,
  },
  ELASTICSEARCH_UNAVAILABLE: {
    meaning: 'Elasticsearch responds, but no copy of a shard can be searched.',
    remedy: 'Check the health of the cluster; nothing is lost.',
    isWrongInput: false,
  },
  ELASTICSEARCH_REMOTE: {
    meaning:
      'Elasticsearch cannot reach a remote cluster that the index pattern names, or has no remote cluster of that name.',
    remedy:
      'Check the remote cluster and the connection to it (`GET _remote/info`), or correct `index`; nothing is lost.',
    isWrongInput: false,
  },
  ELASTICSEARCH_CURSOR_FIELD: {
    meaning: 'The field with the ingestion time of documents is not mapped as a date.',
    remedy: 'Install the index template with `clawtrust elastic setup`, or set another cursor_field.',
    isWrongInput: false,
  },
  ELASTICSEARCH_SHARD_FIELD: {
    meaning: 'Several readers share the gateways, but the field with the gateway is not mapped as keyword.',
    remedy: 'Set shard_field to a field that is mapped as keyword, or remove shard.',
    isWrongInput: false,
  },
  ELASTICSEARCH_SETUP: {
    meaning: 'Elasticsearch refused a call of the setup.',
    remedy: 'The message contains the call and the remedy; earlier calls were made and can be repeated.',
    isWrongInput: false,
  },
  ELASTICSEARCH_CHECK: {
    meaning: 'The check of Elasticsearch found that events are lost or cannot be read.',
    remedy: 'The output lists each problem with its remedy.',
    isWrongInput: false,
  },
  ELASTICSEARCH_FAILED: {
    meaning: 'Elasticsearch returned an error without an entry of its own.',
    remedy: 'The message quotes the error; clawtrust retries.',
    isWrongInput: false,
  },
  LISTEN_UNAUTHENTICATED: {
    meaning: 'The service would be reachable from other machines without authentication.',
    remedy:
      'Set a web configuration file with basic_auth_users or verified client certificates, listen on loopback, or allow it by --web.allow-unauthenticated.',
    isWrongInput: true,
  },
  LISTEN_FAILED: {
    meaning: 'The service cannot listen on the address.',
    remedy: 'Choose a free port and an address of this machine; the message contains both.',
    isWrongInput: false,
  },
  CONFIG_NEEDS_RESTART: {
    meaning: 'A reload contains another value of a key that is only read at the start.',
    remedy: 'Restart clawtrust, or restore the old value.',
    isWrongInput: false,
  },
  LEDGER_BROKEN: {
    meaning: 'The audit trail of the remediation service was changed after it was written, or records are missing.',
    remedy:
      'Keep the ledger unchanged and find out who can write to its folder; the message contains the first record that does not verify.',
    isWrongInput: false,
  },
  LEDGER_UNUSABLE: {
    meaning:
      'The ledger of the remediation service cannot be opened. It is never replaced automatically: it contains the blocks and the audit trail.',
    remedy: 'Fix the cause in the message, or move the ledger away and start with a new one, which contains no blocks.',
    isWrongInput: false,
  },
  REPORT_DIFFERS: {
    meaning:
      '`clawtrust report verify` found that a compliance report is not what was written, or that reports are missing; with `--recheck`, that the stores no longer say what it says.',
    remedy:
      'The output names each file, place and value. Keep the folder unchanged and find out who can write to it; restore a copy whose manifest has the hash that was noted elsewhere.',
    isWrongInput: false,
  },
  REPORT_UNWRITABLE: {
    meaning: 'A compliance report cannot be written to its folder; what was there is unchanged.',
    remedy: 'Free disk space or correct the permissions of the folder in the message; the report is made again.',
    isWrongInput: false,
  },
  REPORT_KEY_UNUSABLE: {
    meaning: 'A key that signs compliance reports, or that they are checked with, cannot be read or written.',
    remedy:
      'Check the path in the message and its permissions. A key is never overwritten: choose another file, or move the existing one away.',
    isWrongInput: true,
  },
  POLICY_UNREADABLE: {
    meaning: 'The file of a policy cannot be read, is too large, or cannot be written.',
    remedy: 'Check the path in the message and its permissions.',
    isWrongInput: true,
  },
  POLICY_INVALID: {
    meaning: 'A policy has errors: lines that the language does not have, or names that mean nothing or two things.',
    remedy:
      'Correct each place; the messages contain line and column, and what to write. docs/policy-language.md has the language.',
    isWrongInput: true,
  },
  POLICY_FINDINGS: {
    meaning: '`clawtrust policy lint` found what is probably not meant, of the level of `--fail-on` or above.',
    remedy: 'Change what the findings name, or choose another level.',
    isWrongInput: false,
  },
  POLICY_LOSSES: {
    meaning:
      '`clawtrust policy compile` found something in a policy that the target cannot express and --strict does not accept, or left nothing of the policy.',
    remedy:
      'Read the losses on standard error: each says what enforces it instead. Change the policy, leave out `--strict`, or name another `--namespace`.',
    isWrongInput: false,
  },
  POLICY_DIFFERENCES: {
    meaning: '`clawtrust policy diff` found that two versions of a policy differ.',
    remedy: 'Read the differences on standard output; where two versions may differ, accept the exit code 1.',
    isWrongInput: false,
  },
  POLICY_UNFORMATTED: {
    meaning: '`clawtrust policy fmt --check` found a policy that does not have the layout of `clawtrust policy fmt`.',
    remedy: 'Run `clawtrust policy fmt` on the files in the message.',
    isWrongInput: false,
  },
  POLICY_FLOWS_INVALID: {
    meaning: 'The flows for `clawtrust policy suggest` cannot be read, or the policy of them would be too large.',
    remedy: 'Correct the line in the message; docs/policy.md has the form of a flow.',
    isWrongInput: true,
  },
  POLICY_NOT_ALLOWED: {
    meaning: '`clawtrust policy roles --scope` answered deny or unknown.',
    remedy: 'Read the answer on standard output; it names the role and what it depends on.',
    isWrongInput: false,
  },
  POLICY_TEST_FAILED: {
    meaning: '`clawtrust policy test` found an expectation that fails, or none at all.',
    remedy: 'Change the rule or the expectation; the message of each has its line and the rule that decided.',
    isWrongInput: false,
  },
  POLICY_PATH: {
    meaning: '`clawtrust policy paths --to` found a way from the one zone to the other.',
    remedy: 'Narrow a rule on the way; the moves name the rules.',
    isWrongInput: false,
  },
  POLICY_WOULD_DENY: {
    meaning: '`clawtrust policy shadow` found flows that pass today and that the policy would deny.',
    remedy: 'The report lists them. Add rules for those that are wanted, and have the others stopped.',
    isWrongInput: false,
  },
  POLICY_EVIDENCE_INSUFFICIENT: {
    meaning:
      '`clawtrust policy shadow` found nothing that the policy would deny, in a history that is too short, has too few events, or has too many flows that cannot be judged. The exit code is 3.',
    remedy:
      'The message names what is missing. Wait until there is more history, add the missing parts to the records, or lower the minimum and say so.',
    isWrongInput: false,
    exitCode: 3,
  },
  POLICY_HISTORY_FIELDS: {
    meaning: 'The flows of an index cannot be counted by their distinct values, because fields are not mapped for it.',
    remedy: 'Map the fields in the message and index the documents again, or read the log files by --logs.',
    isWrongInput: false,
  },
  POLICY_HISTORY_TOO_WIDE: {
    meaning: 'The history has more distinct flows than are judged at once; nothing was written.',
    remedy: 'Choose a shorter --since, or a configuration with fewer sources.',
    isWrongInput: false,
  },
  POLICY_HISTORY_UNREADABLE: {
    meaning: 'A log file of the history cannot be read, or no file matches.',
    remedy: 'Check the path in the message and its permissions.',
    isWrongInput: true,
  },
  WEBHOOK_UNAUTHENTICATED: {
    meaning: 'The remediation service would act on alerts of unauthenticated senders.',
    remedy:
      'Set remediation.webhook.bearer_token_file or grafana_secret_file, or require verified client certificates in the web configuration; mode observe needs neither.',
    isWrongInput: false,
  },
  DATABASE_UNUSABLE: {
    meaning: 'The GeoIP database cannot be read, or has no countries although a playbook has a condition about them.',
    remedy: 'Check the path, its permissions and the format (MMDB); download the database again if it is damaged.',
    isWrongInput: false,
  },
  EXPORTER_UNREACHABLE: {
    meaning: 'A command needs the running exporter, and the address does not respond.',
    remedy: 'Start the exporter, or set its address by --web.url; with TLS, set the authority by NODE_EXTRA_CA_CERTS.',
    isWrongInput: false,
  },
  NOT_RUNNING: {
    meaning: 'A request needs a part of clawtrust that has not started or has stopped.',
    remedy: 'Wait until the start has finished, or start it.',
    isWrongInput: false,
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue
