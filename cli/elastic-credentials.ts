import { Option } from 'commander'

/** Credentials to use instead of those of the source. */
export interface Credentials {
  readonly source?: string
  readonly username?: string
  readonly passwordFile?: string
  readonly apiKeyFile?: string
}

export function credentialOptions(): readonly Option[] {
  return [
    new Option('--source <name>', 'the source, if several sources read Elasticsearch'),
    new Option('--username <name>', "a user, instead of the source's credentials"),
    new Option('--password-file <path>', "the file with that user's password"),
    new Option('--api-key-file <path>', "the file with an API key, instead of the source's credentials"),
  ]
}
