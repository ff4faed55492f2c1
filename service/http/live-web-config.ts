import { stat } from 'node:fs/promises'
import { ClawtrustError } from '../../core/errors.ts'
import { type LoadedWebConfig, loadWebConfig, openWebConfig } from './web-config-file.ts'

/** The web configuration in force, reloaded when it or a file that it names changes. If it is invalid, the previous one stays in force. */
export class LiveWebConfig {
  readonly #file: string | undefined
  readonly #accept: (loaded: LoadedWebConfig) => void
  #current = openWebConfig
  #stamp = ''

  /** @param accept throws if a configuration cannot be applied */
  constructor(file: string | undefined, accept: (loaded: LoadedWebConfig) => void) {
    this.#file = file
    this.#accept = accept
  }

  get current(): LoadedWebConfig {
    return this.#current
  }

  /** Loads the file for the first time; throws CONFIG_* if it is invalid. */
  async start(): Promise<void> {
    const loaded = this.#file === undefined ? openWebConfig : await loadWebConfig(this.#file)
    this.#accept(loaded)
    await this.#take(loaded)
  }

  /** Resolves with true if a new configuration is in force; throws CONFIG_* if the new one is invalid. */
  async refresh(): Promise<boolean> {
    if (this.#file === undefined || (await stampOf(this.#current.files)) === this.#stamp) return false
    const loaded = await loadWebConfig(this.#file)
    refuseRestart(this.#file, this.#current, loaded)
    this.#accept(loaded)
    await this.#take(loaded)
    return true
  }

  async #take(loaded: LoadedWebConfig): Promise<void> {
    this.#current = loaded
    this.#stamp = await stampOf(loaded.files)
  }
}

/** Changes that a listening socket cannot apply. */
function refuseRestart(file: string, before: LoadedWebConfig, after: LoadedWebConfig): void {
  const complain = (what: string) => {
    throw new ClawtrustError('CONFIG_INVALID', `${file}: ${what} requires a restart; the previous one stays in force`)
  }
  if ((before.tls === undefined) !== (after.tls === undefined)) complain('turning TLS on or off')
  const asks = ({ tls }: LoadedWebConfig) => tls !== undefined && tls.config.client_auth_type !== 'NoClientCert'
  if (asks(before) !== asks(after)) complain('client_auth_type to or from NoClientCert')
}

/** Changes if one of the files does, including the target of a symbolic link. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async file => {
    const found = await stat(file, { bigint: true }).catch(() => undefined)
    return found === undefined ? 'gone' : `${found.ino}:${found.size}:${found.mtimeNs}`
  })
  return (await Promise.all(stamps)).join(' ')
}
