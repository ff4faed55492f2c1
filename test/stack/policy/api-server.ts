import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../servers/eventually.ts'
import { freePort, type RunningProcess, startProcess } from '../servers/process.ts'

export interface Answer {
  readonly status: number
  /** What the server says: an object, or why it refused. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer of another program
  readonly body: any
}

/** An API server of Kubernetes with its store on loopback, and nothing else of a cluster. */
export interface ApiServer {
  ask(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Answer>
  stop(): Promise<void>
}

/** @param programs the files of both */
export async function startApiServer(programs: { apiServer: string; etcd: string }): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-kube-'))
  const running: RunningProcess[] = []
  const stop = async () => {
    for (const one of running.toReversed()) await one.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [client, peers, port] = [await freePort(), await freePort(), await freePort()]
    const [clientUrl, peersUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peers}`]
    const etcd = startProcess(programs.etcd, [
      ...['--name', 'test', '--data-dir', join(folder, 'etcd'), '--initial-cluster', `test=${peersUrl}`],
      ...['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl],
      ...['--listen-peer-urls', peersUrl, '--initial-advertise-peer-urls', peersUrl],
      '--unsafe-no-fsync',
    ])
    running.push(etcd)
    await eventually('etcd answers', async () => (await fetch(`${clientUrl}/health`)).ok || undefined, { by: etcd })

    const token = randomBytes(16).toString('hex')
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      return join(folder, name)
    }
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const key = file('accounts.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    const server = startProcess(programs.apiServer, [
      ...['--etcd-servers', clientUrl, '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1'],
      // It makes a certificate of its own there.
      ...['--secure-port', String(port), '--cert-dir', folder, '--service-cluster-ip-range', '10.96.0.0/24'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc', '--service-account-signing-key-file', key],
      ...['--service-account-key-file', key, '--endpoint-reconciler-type', 'none', '--authorization-mode', 'RBAC'],
      ...['--token-auth-file', file('tokens.csv', `${token},admin,admin,"system:masters"\n`)],
      // Nobody makes the accounts that it asks for.
      ...['--disable-admission-plugins', 'ServiceAccount', '--profiling=false'],
    ])
    running.push(server)
    const ask: ApiServer['ask'] = (method, path, body) =>
      askOverTls(port, readFileSync(join(folder, 'apiserver.crt')), token, method, path, body)
    await eventually('the API server is ready', async () => (await ask('GET', '/readyz')).status === 200 || undefined, {
      limitMs: 60_000,
      by: server,
    })
    return { ask, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function askOverTls(
  port: number,
  ca: Buffer,
  token: string,
  method: string,
  path: string,
  body: object | undefined,
): Promise<Answer> {
  // JSON is YAML.
  const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json'
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, ca, method, path, headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', part => {
        text += part
      })
      response.on('end', () => {
        const isJson = /^application\/json/.test(response.headers['content-type'] ?? '')
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text })
      })
    })
    asking.on('error', reject)
    asking.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
