import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { readDump } from '../../exporter/sources/wireguard/dump.ts'
import { blocksOf } from '../docs/page-blocks.ts'
import { withCommands } from '../requirements.ts'
import { read } from '../structure/source-files.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'
import { type RunningProcess, startProcess } from './servers/process.ts'
import { run } from './servers/run.ts'

const A = '192.0.2.1'
const B = '192.0.2.2'
/** The control sockets belong to the file system and not to a namespace: the names of interfaces must differ. */
const SOCKETS = '/var/run/wireguard'

/** Two namespaces with a wireguard-go each, and a tunnel between them. */
class Tunnel {
  readonly folder = mkdtempSync(join(tmpdir(), 'clawtrust-wireguard-'))
  readonly #name = `ct${process.pid % 100_000}`
  readonly a = `${this.#name}a`
  readonly b = `${this.#name}b`
  readonly #processes: RunningProcess[] = []

  readonly in = (side: string, ...command: readonly string[]): string =>
    run('ip', ['netns', 'exec', side, ...command], {}).trim()

  /** @returns the public key */
  key(name: string): string {
    const secret = run('wg', ['genkey'], {})
    writeFileSync(join(this.folder, name), secret, { mode: 0o600 })
    return run('wg', ['pubkey'], { input: secret }).trim()
  }

  async start(): Promise<{ readonly a: string; readonly b: string }> {
    const keys = { a: this.key('a.key'), b: this.key('b.key') }
    for (const side of [this.a, this.b]) run('ip', ['netns', 'add', side], {})
    run('ip', ['-n', this.a, 'link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'out', 'netns', this.b], {})
    for (const [side, address] of [
      [this.a, A],
      [this.b, B],
    ] as const) {
      run('ip', ['-n', side, 'addr', 'add', `${address}/24`, 'dev', 'out'], {})
      run('ip', ['-n', side, 'link', 'set', 'out', 'up'], {})
      this.#processes.push(startProcess('ip', ['netns', 'exec', side, 'wireguard-go', '-f', side]))
    }
    await eventually('both have their interface', async () =>
      [this.a, this.b].every(side => existsSync(join(SOCKETS, `${side}.sock`))) ? true : undefined,
    )
    const own = (side: string, key: string, port: string) =>
      ['wg', 'set', side, 'private-key', join(this.folder, key), 'listen-port', port] as const
    const peer = ['allowed-ips', '10.77.0.2/32', 'persistent-keepalive', '1']
    this.in(this.a, ...own(this.a, 'a.key', '51820'), 'peer', keys.b, 'endpoint', `${B}:51820`, ...peer)
    this.in(this.b, ...own(this.b, 'b.key', '51820'), 'peer', keys.a, 'allowed-ips', '10.77.0.1/32')
    for (const side of [this.a, this.b]) run('ip', ['-n', side, 'link', 'set', side, 'up'], {})
    return keys
  }

  async stop(): Promise<void> {
    for (const one of this.#processes) await one.stop()
    for (const side of [this.a, this.b]) {
      spawnSync('ip', ['netns', 'del', side])
      rmSync(join(SOCKETS, `${side}.sock`), { force: true })
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

withCommands('ip', 'wg', 'wireguard-go').describe('real tunnels of WireGuard', () => {
  const tunnel = new Tunnel()
  let keys: { readonly a: string; readonly b: string }
  let exporter: RunningExporter

  const metrics = () => exporter.text('/metrics')
  const shows = (what: string, form: RegExp) =>
    eventually(what, async () => form.exec(await metrics())?.[1] ?? undefined)

  beforeAll(async () => {
    keys = await tunnel.start()
    const configuration = {
      exporter: {
        sources: [
          {
            type: 'wireguard',
            name: 'tunnels',
            gateway: 'edge-1',
            command: ['ip', 'netns', 'exec', tunnel.b, 'wg', 'show', 'all', 'dump'],
            interval: '5s',
            // Both interfaces are among all, because their sockets are in one folder.
            peers: [
              { name: 'a', public_key: keys.a, max_handshake_age: '5m' },
              { name: 'b', public_key: keys.b },
            ],
          },
        ],
      },
    }
    const file = join(tunnel.folder, 'clawtrust.yml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration))
    exporter = await startExporter(['--config.file', file])
  }, 60_000)

  afterAll(async () => {
    await exporter?.stop()
    await tunnel.stop()
  }, 60_000)

  it('have the time of their last handshake, and the age that it may have', async () => {
    const form = /^clawtrust_tunnel_last_handshake_timestamp_seconds\{.*peer="a"\} ([1-9]\d*)$/m
    const handshake = Number(await shows('the handshake is exposed', form))
    expect(Math.abs(Date.now() / 1000 - handshake)).toBeLessThan(60)
    expect(await metrics()).toMatch(/^clawtrust_tunnel_max_handshake_age_seconds\{.*peer="a"\} 300$/m)
  }, 60_000)

  it('have an unknown peer and another endpoint, each once', async () => {
    const unknown = tunnel.key('u.key')
    tunnel.in(tunnel.b, 'wg', 'set', tunnel.b, 'peer', unknown, 'allowed-ips', '10.77.0.9/32')
    run('ip', ['-n', tunnel.a, 'addr', 'flush', 'dev', 'out'], {})
    run('ip', ['-n', tunnel.a, 'addr', 'add', '192.0.2.77/24', 'dev', 'out'], {})
    // A socket of wireguard-go keeps its source address.
    tunnel.in(tunnel.a, 'wg', 'set', tunnel.a, 'listen-port', '51821')
    const drift = (kind: string) => new RegExp(`^clawtrust_posture_drifts_total\\{.*kind="${kind}".*\\} (\\d+)$`, 'm')
    expect(await shows('the unknown peer is counted', drift('tunnel_unknown_peer'))).toBe('1')
    expect(await shows('the other endpoint is counted', drift('tunnel_endpoint_changed'))).toBe('1')
  }, 60_000)

  it('have their keys hidden in a dump by the command of docs/sources.md, and everything else in it', () => {
    const block = blocksOf(read('docs/sources.md')).find(({ text }) => text.includes('wg show all dump |'))
    const dump = join(tunnel.folder, 'wg.dump')
    const command = (block?.text ?? '').replaceAll('/run/wg.dump', dump).replace('chgrp clawtrust', 'chgrp root')
    tunnel.in(tunnel.b, 'bash', '-c', command)
    // `wg show` lists the peers of each call in an order of its own.
    const peers = (text: string) =>
      readDump(text)
        ?.map(({ lastHandshake: _, ...peer }) => peer)
        .sort((a, b) => a.publicKey.localeCompare(b.publicKey))
    const text = readFileSync(dump, 'utf8')
    const all = tunnel.in(tunnel.b, 'wg', 'show', 'all', 'dump')
    expect(text.match(/\(hidden\)/g)).toHaveLength(all.split('\n').length)
    expect(text).not.toContain(tunnel.in(tunnel.b, 'wg', 'show', tunnel.b, 'private-key'))
    expect(peers(text)?.length).toBeGreaterThan(2)
    expect(peers(text)).toEqual(peers(all))
    // What fails leaves the last dump in its place.
    expect(spawnSync('bash', ['-c', command.replace('wg show', 'false show')]).status).not.toBe(0)
    expect(readFileSync(dump, 'utf8')).toBe(text)
  })

  it('leave no private key in the metrics, on the page or in the log', async () => {
    const secret = tunnel.in(tunnel.b, 'wg', 'show', tunnel.b, 'private-key')
    const page = await exporter.text('/')
    expect(secret).toHaveLength(44)
    for (const text of [await metrics(), page, exporter.process.output()]) expect(text).not.toContain(secret)
  })
})
