import { describe, expect, it } from '@jest/globals'
import { type KubernetesObject, manifest } from '../../../../policy/compile/ends/manifest.ts'

const named = (name: string): KubernetesObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: {
    name,
    namespace: 'default',
    labels: { 'app.kubernetes.io/managed-by': 'clawtrust', 'clawtrust.io/policy': 'p' },
  },
  spec: {},
})

describe('objects of Kubernetes as one stream', () => {
  it('have the head once', () => {
    expect(manifest('# head\n', [named('a'), named('b')]).match(/# head|name: .$/gm)).toEqual([
      '# head',
      'name: a',
      'name: b',
    ])
  })

  it('are refused where two have one name: the later one would replace the other', () => {
    expect(() => manifest('', [named('a'), named('b'), named('a')])).toThrow('Two rules would have the object a;')
  })
})
