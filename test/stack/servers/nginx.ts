import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authority, makeAuthority } from './client-certificates.ts'
import { eventually } from './eventually.ts'
import { freePort, startProcess } from './process.ts'

export interface Nginx {
  readonly host: string
  readonly port: number
  /** The folder of `openclaw-access.log` and `openclaw-error.log`, and of files of the test's own. */
  readonly folder: string
  /** Signs the certificates of clients that nginx lets in. */
  readonly authority: Authority
  /** Of `openclaw-NAME.log`. */
  log(name: string): Promise<string>
  stop(): Promise<void>
}

export interface NginxOptions {
  /** Where it runs. Default: on a free port of the loopback address, with its upstream there too. */
  readonly place?: NginxPlace
  /** Further directives of the server, for instance about clients' certificates, that the authority signs. */
  readonly directives?: (folder: string, authority: Authority) => string
}

export interface NginxPlace {
  /** A network namespace, in which it keeps the ports that are shipped. */
  readonly namespace: string
  /** Its address there. */
  readonly host: string
}

const shipped = (name: string) => new URL(`../../../deploy/nginx/${name}`, import.meta.url)

/**
 * Starts Debian's nginx with the configuration that clawtrust ships, paths, addresses and ports being the test's; it
 * answers on return.
 *
 * @param upstreamPort where requests go that are let in: a port of the loopback address
 */
export async function startNginx(
  upstreamPort: number,
  { place, directives = () => '' }: NginxOptions = {},
): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-nginx-'))
  const { host, port } = place === undefined ? { host: '127.0.0.1', port: await freePort() } : { ...place, port: 443 }
  const authority = makeAuthority(folder, 'clients-ca')
  authority.sign('server', 30, 'serverAuth')
  const server = (await readFile(shipped('openclaw.conf'), 'utf8'))
    .replaceAll('/etc/nginx/tls', folder)
    .replaceAll('/var/log/nginx', folder)
    .replace('listen 443 ssl', `listen ${host}:${port} ssl`)
    .replace('127.0.0.1:18789', `127.0.0.1:${upstreamPort}`)
    .replace(/\}\s*$/, `${directives(folder, authority)}\n}\n`)
  await copyFile(shipped('log-format.conf'), join(folder, 'log-format.conf'))
  await writeFile(join(folder, 'openclaw.conf'), server)
  await writeFile(join(folder, 'nginx.conf'), mainConfiguration(folder))
  await mkdir(join(folder, 'temp'))
  const command = ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')]
  const [program = '', ...args] = place === undefined ? command : ['ip', 'netns', 'exec', place.namespace, ...command]
  const nginx = startProcess(program, args)
  const stop = async () => {
    await nginx.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    // Written when the sockets are open; a connection from here would not reach into a namespace.
    const isUp = async () => existsSync(join(folder, 'nginx.pid')) || undefined
    await eventually(`nginx listens on ${host}:${port}`, isUp, { by: nginx })
  } catch (error) {
    await stop()
    throw error
  }
  const log = (name: string) => readFile(join(folder, `openclaw-${name}.log`), 'utf8')
  return { host, port, folder, authority, log, stop }
}

/** One process in the foreground, writing nowhere but into its folder. */
const mainConfiguration = (folder: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/start.log;
events {}
http {
  client_body_temp_path ${folder}/temp/body;
  proxy_temp_path ${folder}/temp/proxy;
  fastcgi_temp_path ${folder}/temp/fastcgi;
  uwsgi_temp_path ${folder}/temp/uwsgi;
  scgi_temp_path ${folder}/temp/scgi;
  include log-format.conf;
  include openclaw.conf;
}
`
