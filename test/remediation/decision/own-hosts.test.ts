import { expect, it } from '@jest/globals'
import { type OwnConnections, ownHosts } from '../../../remediation/decision/own-hosts.ts'

const none: OwnConnections = {
  named: [],
  sources: [],
  steps: [],
  providers: [],
  externalUrl: undefined,
  listening: [],
}

const cloud_id = `edge:${btoa('europe.example$abc')}`

it.each<[string, Partial<OwnConnections>, [string, string][]]>([
  ['a host that is named', { named: ['idp.example'] }, [['idp.example', 'address of idp.example']]],
  [
    'the nodes of Elasticsearch and the proxy before them',
    {
      sources: [
        { type: 'file' },
        { type: 'elasticsearch', nodes: ['https://[2001:db8::9]:9200'], proxy: 'http://proxy.example:3128' },
      ],
    },
    [
      ['2001:db8::9', 'address of 2001:db8::9, which exporter.sources reads'],
      ['proxy.example', 'address of proxy.example, the proxy of exporter.sources'],
    ],
  ],
  [
    'a TLS server whose certificate is watched',
    { sources: [{ type: 'certificates', endpoints: [{ address: { host: 'gateway.example', port: 443 } }] }] },
    [['gateway.example', 'address of gateway.example, which exporter.sources reads']],
  ],
  [
    'a deployment of Elastic Cloud',
    { sources: [{ type: 'elasticsearch', cloud_id }] },
    [['abc.europe.example', 'address of abc.europe.example, which exporter.sources reads']],
  ],
  [
    'a place to which a step connects, by its name, since its address may be a secret',
    { steps: [{ name: 'destination chat', url: 'https://hooks.slack.example/services/T0/B0/secret' }] },
    [['hooks.slack.example', 'address of destination chat']],
  ],
  [
    'a place whose address has variable parts after the host',
    { steps: [{ name: 'destination phone', url: 'https://api.telegram.org/bot{{token}}/sendMessage' }] },
    [['api.telegram.org', 'address of destination phone']],
  ],
  [
    'a provider of threat intelligence',
    { providers: [{ name: 'cti', url: 'https://cti.example/v2/smoke/{address}' }] },
    [['cti.example', 'address of threat intelligence cti']],
  ],
  [
    'the address at which people reach the service',
    { externalUrl: 'https://clawtrust.example:9848/' },
    [['clawtrust.example', 'address of clawtrust.example, remediation.external_url']],
  ],
  [
    'addresses listened on, but for those that mean every address',
    {
      listening: [
        { key: 'remediation.listen_address', address: { host: '203.0.113.8', port: 9848 } },
        { key: 'exporter.listen_address', address: { host: '::', port: 9847 } },
      ],
    },
    [['203.0.113.8', 'own address, remediation.listen_address']],
  ],
  ['nothing where a host cannot be read', { providers: [{ name: 'cti', url: 'https://{address}.cti.example/' }] }, []],
  [
    'a host that stands twice once',
    { named: ['one.example'], steps: [{ name: 'destination chat', url: 'https://one.example/' }] },
    [['one.example', 'address of one.example']],
  ],
])('protects %s', (_, connections, expected) => {
  expect(ownHosts({ ...none, ...connections }).map(({ host, reason }) => [host, reason])).toEqual(expected)
})
