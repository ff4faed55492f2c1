import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { decisionIn } from '../decoding/flows.ts'
import { withCommands } from '../requirements.ts'
import { createNetwork, type Network } from './remediation/namespace.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'
import { run } from './servers/run.ts'

/** The kernel logs packets of other namespaces than the first one only where this is 1. */
const ALL_NAMESPACES = '/proc/sys/net/netfilter/nf_log_all_netns'

const mark = `ct${process.pid}`
const rules = `table inet flows {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ct state established,related accept
    tcp dport 81 log prefix "${mark} deny: " drop
    tcp dport 82 log prefix "${mark} REJECT: " reject with tcp reset
    tcp dport 83 log prefix "${mark} would drop: " accept
    tcp dport 84 log prefix "${mark} accepted " accept
    tcp dport 85 log prefix "${mark} watch: " accept
    udp dport 53 log prefix "${mark} deny: " drop
  }
}
`

const configuration = (log: string) => `
exporter:
  sources:
    - type: file
      name: kernel
      paths: [${log}]
      gateway: edge-1
trust_zones:
  rules:
    - zone: clients
      match: { cidr: [192.0.2.0/24] }
    - zone: servers
      match: { cidr: [203.0.113.0/24] }
`

withCommands('ip', 'nft', 'dmesg').describe('packets that nftables logs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrust-flows-'))
  const log = join(folder, 'kernel.log')
  let wasLogged: string | undefined
  let network: Network
  let exporter: RunningExporter

  beforeAll(async () => {
    network = createNetwork()
    run('ip', ['netns', 'exec', network.gateway, 'nft', '-f', '-'], { input: rules })
    wasLogged = existsSync(ALL_NAMESPACES) ? readFileSync(ALL_NAMESPACES, 'utf8') : undefined
    writeFileSync(ALL_NAMESPACES, '1')
    writeFileSync(log, '')
    writeFileSync(join(folder, 'clawtrust.yml'), configuration(log))
    exporter = await startExporter(['--config.file', join(folder, 'clawtrust.yml')])
  }, 60_000)

  afterAll(async () => {
    if (wasLogged !== undefined) writeFileSync(ALL_NAMESPACES, wasLogged)
    await exporter?.stop()
    network?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are decisions from zone to zone, and a line of another program that looks like one is none', async () => {
    const attempts = [81, 82, 83, 84, 85].map(port => `/dev/tcp/${network.serverAddress}/${port}`)
    const commands = [...attempts, `/dev/udp/${network.serverAddress}/53`].map(path => `(echo > ${path}) &`)
    const script = `${commands.join(' ')} sleep 0.5; kill $(jobs -p) 2> /dev/null`
    spawnSync('ip', ['netns', 'exec', network.client, 'bash', '-c', script])
    const lines = await eventually('the kernel has logged a packet of each rule', async () => {
      const messages = run('dmesg', ['--decode', '--time-format', 'iso'], {}).split('\n')
      const found = messages.filter(line => line.includes(`${mark} `))
      return ['DPT=81', 'DPT=82', 'DPT=83', 'DPT=84', 'DPT=85', 'DPT=53'].every(port =>
        found.some(line => line.includes(port)),
      )
        ? found
        : undefined
    })
    const decided = Object.fromEntries(lines.map(line => [/DPT=(\d+)/.exec(line)?.[1] ?? '', decisionIn(line)]))
    expect(decided).toEqual({
      '53': 'deny packet_filter leading',
      '81': 'deny packet_filter leading',
      '82': 'deny packet_filter leading',
      '83': 'audit packet_filter deputy',
      '84': 'allow packet_filter partner',
      '85': 'undecoded unknown_template',
    })
    const forged = lines.map(line =>
      line.replace(/^kern .{0,64}? (?=ct)/, `${new Date().toISOString()} gw openclaw[7]: `),
    )
    expect(forged.filter(line => line.startsWith('kern'))).toEqual([])
    appendFileSync(log, `${[...lines, ...forged].join('\n')}\n`)
    const denials = await eventually('the exporter counts the denials', async () => {
      const text = await exporter.text('/metrics')
      return text.match(/^clawtrust_policy_decisions_total\{.*decision="deny".*$/gm) ?? undefined
    })
    // Of each denied connection one, however often its first packet was sent.
    expect(denials).toEqual([
      'clawtrust_policy_decisions_total{gateway="edge-1",trust_zone="servers",engine="nftables",policy="packet_filter",decision="deny",source_zone="clients",destination_zone="servers"} 3',
    ])
  }, 60_000)
})
