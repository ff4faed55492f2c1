import type { Keycloak } from './server.ts'

/** An id of Keycloak, at the end of a path. */
type Id = string

const CLIENT = { client_id: 'agent-controller', client_secret: 'first secret' } as const

/** Clients of one realm of Keycloak, and its administrator. Each call is one request. */
export class Visitor {
  readonly #keycloak: Keycloak
  #token = ''

  constructor(keycloak: Keycloak) {
    this.#keycloak = keycloak
  }

  /** The administrator signs in. */
  async signInAsAdministrator(): Promise<void> {
    const answer = await this.#send('/realms/master/protocol/openid-connect/token', {
      grant_type: 'password',
      client_id: 'admin-cli',
      ...this.#keycloak.administrator,
    })
    this.#token = ((await answer.json()) as { access_token: string }).access_token
  }

  /** A request of the administrator, by its path below the realms. Gives the id of what it created. */
  async administer(method: string, path: string, body?: unknown): Promise<Id> {
    const answer = await this.#administer(method, path, body)
    await answer.text()
    return answer.headers.get('location')?.split('/').at(-1) ?? ''
  }

  async administeredObject(path: string): Promise<unknown> {
    return (await this.#administer('GET', path)).json()
  }

  /** A user signs in by name and password, at the client of the tests. */
  signIn(username: string, password: string, client: Record<string, string> = CLIENT): Promise<Response> {
    return this.#token_({ grant_type: 'password', username, password, ...client })
  }

  /** A service account signs in. */
  signInAsClient(client_secret: string): Promise<Response> {
    return this.#token_({ grant_type: 'client_credentials', client_id: CLIENT.client_id, client_secret })
  }

  refresh(refresh_token: string): Promise<Response> {
    return this.#token_({ grant_type: 'refresh_token', refresh_token, ...CLIENT })
  }

  /** A browser opens the page of the sign-in. */
  async openPage(parameters: Record<string, string>): Promise<Response> {
    const query = new URLSearchParams({ response_type: 'code', client_id: CLIENT.client_id, ...parameters })
    const url = `${this.#keycloak.url}/realms/shop/protocol/openid-connect/auth?${query}`
    return read(await fetch(url, { redirect: 'manual', headers: forged }))
  }

  async #token_(parameters: Record<string, string>): Promise<Response> {
    return read(await this.#send('/realms/shop/protocol/openid-connect/token', parameters))
  }

  #send(path: string, parameters: Record<string, string>): Promise<Response> {
    return fetch(`${this.#keycloak.url}${path}`, {
      method: 'POST',
      headers: forged,
      body: new URLSearchParams(parameters),
    })
  }

  async #administer(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#keycloak.url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok && answer.status !== 409)
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
}

/** What a client can say of its address and itself. */
const forged = {
  'x-forwarded-for': '198.51.100.66',
  forwarded: 'for=198.51.100.66',
  'user-agent': 'x", ipAddress="198.51.100.66',
}

async function read(answer: Response): Promise<Response> {
  await answer.arrayBuffer()
  return answer
}
