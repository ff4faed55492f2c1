import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
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
  log(name: 'access' | 'error'): Promise<string>
  stop(): Promise<void>
}

export interface NginxOptions {
  /** Where requests go that are let in: the port of a server on the loopback address. */
  readonly upstreamPort: number
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string
  /** Directives for the server, for instance a location of the test's own. */
  readonly directives?: string
}

const shipped = (name: string) => new URL(`../../../deploy/nginx/${name}`, import.meta.url)

/** Starts Debian's nginx with the configuration that clawtrust ships, paths and ports being the test's; it answers on return. */
export async function startNginx({ upstreamPort, host = '127.0.0.1', directives = '' }: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-nginx-'))
  const port = await freePort()
  const authority = makeAuthority(folder, 'clients-ca')
  authority.sign('server', 30, 'serverAuth')
  const server = (await readFile(shipped('openclaw.conf'), 'utf8'))
    .replaceAll('/etc/nginx/tls', folder)
    .replaceAll('/var/log/nginx', folder)
    .replace('listen 443 ssl', `listen ${host}:${port} ssl`)
    .replace('127.0.0.1:18789', `127.0.0.1:${upstreamPort}`)
    .replace(/\}\s*$/, `${directives}\n}\n`)
  await copyFile(shipped('log-format.conf'), join(folder, 'log-format.conf'))
  await writeFile(join(folder, 'openclaw.conf'), server)
  await writeFile(join(folder, 'nginx.conf'), mainConfiguration(folder))
  await mkdir(join(folder, 'temp'))
  const nginx = startProcess('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')])
  const stop = async () => {
    await nginx.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await eventually(`nginx listens on ${host}:${port}`, () => opens(host, port), { by: nginx })
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

function opens(host: string, port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', reject)
  })
}
