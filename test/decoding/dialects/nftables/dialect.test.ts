import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { dialectFixtures } from '../../dialect-fixtures.ts'
import { claimOf, decisionIn, decodeRecord } from '../../flows.ts'

const { decode } = createDispatcher(dialects)
const lines = dialectFixtures.nftables?.lines ?? []
const SYN =
  'IN=eth0 OUT= SRC=203.0.113.9 DST=10.0.0.2 LEN=60 TTL=64 ID=1 DF PROTO=TCP SPT=40000 DPT=81 WINDOW=1 RES=0x00 SYN URGP=0 '
const byKernel = (message: string) => `2026-11-29T20:05:09.000001+00:00 edge-1 kernel: ${message}`

describe('a packet that nftables logged', () => {
  it('is a decision by the words of its prefix', () => {
    expect(lines.map(decisionIn)).toEqual([
      // Captured: deny, reject, would drop, accepted, a prefix without a decision; UDP, and TCP over IPv6.
      'deny packet_filter leading',
      'deny packet_filter leading',
      'audit packet_filter deputy',
      'allow packet_filter partner',
      'undecoded unknown_template',
      'deny packet_filter leading',
      'deny packet_filter leading',
      // Not a beginning; one with sequence numbers and options; echo request; an error that quotes a packet; a fragment.
      'no_signal',
      'deny packet_filter leading',
      'deny packet_filter leading',
      'no_signal',
      'deny packet_filter',
      // UFW, then a prefix with a negation on a bridge.
      'no_signal',
      'deny packet_filter leading',
      'deny packet_filter leading',
      // Syslog and the journal.
      'deny packet_filter leading',
      'deny packet_filter leading',
      'deny packet_filter leading',
      'deny packet_filter leading',
    ])
  })

  it('has its two addresses as ends, and the time of its envelope', () => {
    const claim = claimOf(lines[6] ?? '')
    expect(new Date(claim.time).toISOString()).toBe('2026-11-29T20:03:35.314Z')
    expect(claim.flow).toEqual({
      source: { address: 'fd00:0087:0000:0000:0000:0000:0000:0001' },
      destination: { address: 'fd00:0087:0000:0000:0000:0000:0000:0002' },
      transport: 'tcp',
      port: 81,
    })
    expect(claim.pair?.key).toBe(
      `nftables TCP ${claim.flow?.source.address} ${claim.flow?.destination.address} 60042 81`,
    )
    expect(claim.actor).toEqual({ packetAddress: claim.flow?.source.address })
  })

  it.each([
    ['deny', 'clawtrust deny: '],
    ['deny', 'FINAL_REJECT: '],
    ['deny', 'filter_IN_public_DROP: '],
    ['deny', 'Shorewall:net2fw:DROP:'],
    ['deny', '[UFW LIMIT BLOCK] '],
    ['deny', 'not-allowed '],
    ['audit', 'would-drop '],
    ['audit', 'staged:reject '],
    ['allow', '[UFW ALLOW] '],
    ['allow', 'ssh ACCEPT '],
    [undefined, 'backdrop '],
    [undefined, 'allowance '],
    [undefined, ''],
  ])('is of the decision %s by the prefix %j', (decision, prefix) => {
    const decoding = decodeRecord(byKernel(prefix + SYN))
    expect(decoding.kind === 'claim' ? decoding.claim.labels.decision : undefined).toBe(decision)
  })

  it('says that a prefix is without a decision', () => {
    expect(decode({ id: '1', body: byKernel(`watch: ${SYN}`) }).lacks?.field).toBe('log prefix')
    expect(decode({ id: '1', body: byKernel(`deny: ${SYN}`) }).lacks).toBeUndefined()
  })

  it('has no time in a syslog line of RFC 3164, which is undecoded', () => {
    expect(decisionIn(`Nov 29 20:05:09 edge-1 kernel: deny: ${SYN}`)).toBe('undecoded bad_time')
  })

  it('may be in a document of the journal', () => {
    const entry = {
      '@timestamp': '2026-11-29T20:05:12.000Z',
      __REALTIME_TIMESTAMP: '1795982712000001',
      _HOSTNAME: 'edge-1',
      _TRANSPORT: 'kernel',
      SYSLOG_IDENTIFIER: 'kernel',
      MESSAGE: `deny: ${SYN}`,
    }
    expect(claimOf(entry).time).toBe(Date.UTC(2026, 10, 29, 20, 5, 12))
    for (const transport of ['syslog', 'stdout', 'journal', 'audit', '', null, ['kernel'], ['stdout', 'kernel']]) {
      expect(decodeRecord({ ...entry, _TRANSPORT: transport }).kind).toBe('undecoded')
    }
  })
})

describe('a line that is not of the kernel', () => {
  const message = `deny: ${SYN}`

  it.each([
    ['in no envelope', message],
    ['with the time since the boot only', `[  729.575894] ${message}`],
    ['of another program', `2026-11-29T20:05:09.000001+00:00 edge-1 sshd[7]: ${message}`],
    ['of a program that is read', `2026-11-29T20:05:09.000001+00:00 edge-1 openclaw[7]: ${message}`],
    ['of the gateway that quotes one', `2026-11-29T20:05:09.000001+00:00 edge-1 openclaw: ${byKernel(message)}`],
    ['of a process with the tag of the kernel', `2026-11-29T20:05:09.000001+00:00 edge-1 kernel[7]: ${message}`],
    ['of the tag of the kernel in another facility', `<13>2026-11-29T20:05:09.000001+00:00 edge-1 kernel: ${message}`],
    ['of another facility by RFC 5424', `<13>1 2026-11-29T20:05:09.000001Z edge-1 kernel - - - ${message}`],
    ['of a process by RFC 5424', `<4>1 2026-11-29T20:05:09.000001Z edge-1 kernel 7 - - ${message}`],
    ['of another facility of dmesg', `user  :warn  : 2026-11-29T20:05:09,000001+00:00 ${message}`],
    ['of dmesg without a facility', `2026-11-29T20:05:09,000001+00:00 ${message}`],
    ['of dmesg without a time', `kern  :warn  : ${message}`],
    [
      'in Docker',
      JSON.stringify({ log: `${byKernel(message)}\n`, stream: 'stdout', time: '2026-11-28T15:48:11.007Z' }),
    ],
    [
      'of the journal by a program that names itself kernel',
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1795982712000001',
        _HOSTNAME: 'edge-1',
        _TRANSPORT: 'syslog',
        SYSLOG_IDENTIFIER: 'kernel',
        MESSAGE: message,
      }),
    ],
  ])('is no packet: %s', (_where, line) => {
    expect(decodeRecord(line).kind).toBe('undecoded')
  })

  it('is no packet, whatever another program puts before or after it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom('sshd', 'openclaw', 'nginx', 'kernel-x'), (a, b, tag) => {
        const line = `2026-11-29T20:05:09.000001+00:00 edge-1 ${tag}[7]: ${a}${byKernel(message)}${b}`
        expect(decode({ id: '1', body: line }).decoder).not.toBe('nftables')
      }),
    )
  })
})

describe('the message of a packet', () => {
  it('is read from the parts that the kernel writes, whatever the prefix holds', () => {
    const text = fc.stringMatching(/^[ -~]{0,100}$/).filter(prefix => !prefix.includes('IN='))
    fc.assert(
      fc.property(text, prefix => {
        const decoding = decodeRecord(byKernel(`${prefix} deny: ${SYN}`))
        if (decoding.kind !== 'claim') {
          expect(prefix.startsWith('[UFW AUDIT')).toBe(true)
          return
        }
        expect(decoding.claim.flow).toEqual({
          source: { address: '203.0.113.9' },
          destination: { address: '10.0.0.2' },
          transport: 'tcp',
          port: 81,
        })
        expect(['deny', 'audit']).toContain(decoding.claim.labels.decision)
      }),
    )
  })

  it('is never read from the packet that an error quotes', () => {
    const quoted = '[SRC=198.51.100.1 DST=198.51.100.2 PROTO=TCP SPT=1 DPT=2 SYN ] '
    const line = `deny: IN=a OUT= SRC=203.0.113.9 DST=10.0.0.2 PROTO=ICMP TYPE=8 CODE=0 ${quoted}`
    expect(claimOf(byKernel(line)).flow?.source.address).toBe('203.0.113.9')
    expect(decisionIn(byKernel(`deny: IN=a OUT= ${quoted}`))).toBe('undecoded unknown_template')
  })
})
