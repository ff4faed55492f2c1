import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { considerContainers, containerPlaces, type Machine } from '../../cli/containers.ts'
import { findSources } from '../../cli/sources.ts'

const captured = (name: string) => readFileSync(new URL(`../fixtures/runtimes/${name}`, import.meta.url), 'utf8')
const [{ id: podmanId }] = JSON.parse(captured('podman-containers.json'))
const DOCKER = '/var/lib/docker/containers'
const PODMAN = '/var/lib/containers/storage/overlay-containers'
const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

/** Paths of files with their texts; a folder that cannot be listed ends with `/` and has a code. */
type Files = Readonly<Record<string, string>>

const gateway: Files = { [`${DOCKER}/${A}/config.v2.json`]: captured('docker-gateway.config.v2.json') }
const gatewayWithLog: Files = { ...gateway, [`${DOCKER}/${A}/${A}-json.log`]: '' }
const nginx: Files = {
  [`${DOCKER}/${B}/config.v2.json`]: captured('docker-nginx.config.v2.json'),
  [`${DOCKER}/${B}/${B}-json.log`]: '',
}
const podman: Files = {
  [`${PODMAN}/containers.json`]: captured('podman-containers.json'),
  [`${PODMAN}/${podmanId}/userdata/config.json`]: captured('podman-gateway.config.json'),
  [`${PODMAN}/${podmanId}/userdata/ctr.log`]: '',
}
const pod = (name: string): Files => ({ [`/var/log/pods/default_${name}_0b1c/gateway/3.log`]: '' })

const failed = (code: string) => Object.assign(new Error('failed'), { code })

/** A machine that consists of these files. It fails where a log is read. */
function machine(files: Files): Machine {
  return {
    list: async folder => {
      const code = files[`${folder}/`]
      if (code !== undefined) throw failed(code)
      const inside = Object.keys(files).filter(path => path.startsWith(`${folder}/`) && path !== `${folder}/`)
      if (inside.length === 0) throw failed('ENOENT')
      return [...new Set(inside.map(path => path.slice(folder.length + 1).split('/')[0] ?? ''))]
    },
    read: async path => {
      if (path.includes('.log')) throw new TypeError(`${path} is a log`)
      const text = files[path]
      if (text === undefined) throw failed('EACCES')
      return text
    },
    has: async path => path in files,
  }
}

const places = containerPlaces('/home/alice')
const consider = (files: Files) => considerContainers(places, machine(files))

describe('the containers of a machine', () => {
  it.each<[title: string, files: Files, patterns: readonly string[], sentences: readonly string[]]>([
    ['none', {}, [], []],
    [
      'Docker: one that is OpenClaw by its image, and another one',
      { ...nginx, ...gatewayWithLog },
      [`${DOCKER}/*/*-json.log*`],
      [
        `The docker container gateway (${DOCKER}/${A}) is OpenClaw's, because its image is ghcr.io/openclaw/openclaw:2026.9.6.`,
        `The docker container nginx (${DOCKER}/${B}) is not read, because neither its image, its title nor its name contains openclaw.`,
      ],
    ],
    [
      'Docker: one whose log is not in a file',
      gateway,
      [],
      [
        `The docker container gateway (${DOCKER}/${A}) is not read, although its image is ghcr.io/openclaw/openclaw:2026.9.6, because it has no log there; run it with the logging driver json-file, or configure a source for the journal.`,
      ],
    ],
    [
      'Docker: one whose metadata cannot be read',
      { [`${DOCKER}/${A}/${A}-json.log`]: '' },
      [],
      [`The container ${DOCKER}/${A} is not read, because its metadata cannot be read (EACCES).`],
    ],
    [
      'Docker: a folder that only root may list',
      { [`${DOCKER}/`]: 'EACCES' },
      [],
      [
        `Containers in ${DOCKER} are not known, because it cannot be listed (EACCES); run clawtrust as a user who may (docs/install.md).`,
      ],
    ],
    [
      'podman',
      podman,
      [`${PODMAN}/*/userdata/ctr.log*`],
      [
        `The podman container gateway (${PODMAN}/${podmanId}) is OpenClaw's, because its image is ghcr.io/openclaw/openclaw:2026.9.6.`,
      ],
    ],
    [
      'Kubernetes: a pod of OpenClaw, and another one',
      { ...pod('kong-1'), ...pod('openclaw-5c9') },
      ['/var/log/pods/*/*/*.log*'],
      [
        "The kubernetes container gateway (/var/log/pods/default_openclaw-5c9_0b1c/gateway) is OpenClaw's, because it is the container gateway of the pod openclaw-5c9.",
        'The kubernetes container gateway (/var/log/pods/default_kong-1_0b1c/gateway) is not read, because neither its image, its title nor its name contains openclaw.',
      ],
    ],
    [
      'Kubernetes: the links to the logs, where the pods cannot be listed',
      { '/var/log/pods/': 'EACCES', [`/var/log/containers/openclaw-5c9_default_gateway-${A}.log`]: '' },
      ['/var/log/containers/*.log'],
      [
        "The kubernetes container gateway (/var/log/containers/openclaw-5c9_default_gateway) is OpenClaw's, because it is the container gateway of the pod openclaw-5c9.",
        'Containers in /var/log/pods are not known, because it cannot be listed (EACCES); run clawtrust as a user who may (docs/install.md).',
      ],
    ],
    [
      'Docker without root, in the home of the user',
      Object.fromEntries(
        Object.entries(gatewayWithLog).map(([path, text]) => [
          path.replace('/var/lib', '/home/alice/.local/share'),
          text,
        ]),
      ),
      ['/home/alice/.local/share/docker/containers/*/*-json.log*'],
      [expect.stringContaining("is OpenClaw's, because its image is")] as unknown as readonly string[],
    ],
  ])('%s', async (_title, files, patterns, sentences) => {
    expect(await consider(files)).toMatchObject({ patterns, sentences })
  })

  it('are named one by one, up to a number', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => Object.entries(pod(`web-${index}`))).flat(),
    )
    const { sentences } = await consider({ ...many, ...pod('openclaw-0') })
    expect(sentences).toHaveLength(22)
    expect([sentences[0], sentences.at(-1)]).toEqual([
      expect.stringContaining("is OpenClaw's"),
      '280 more containers are not read.',
    ])
  })
})

describe('without configured sources', () => {
  const host: Files = { '/tmp/openclaw/openclaw-2026-11-23.log': '' }
  const find = (files: Files) => findSources({ folders: ['/tmp/openclaw'], containers: places }, machine(files))
  const ofFolder = {
    type: 'file',
    name: 'openclaw',
    paths: ['/tmp/openclaw/openclaw-*.log'],
    start_at: 'beginning',
  }
  const ofContainers = {
    type: 'file',
    name: 'containers',
    paths: [`${DOCKER}/*/*-json.log*`],
    containers: 'openclaw',
    start_at: 'beginning',
  }
  const mounting: Files = {
    ...gatewayWithLog,
    [`${DOCKER}/${A}/config.v2.json`]: captured('docker-gateway.config.v2.json').replaceAll(
      '/srv/openclaw',
      '/tmp/openclaw',
    ),
  }

  it.each([
    [
      'the containers are read where no folder has a log',
      gatewayWithLog,
      [ofContainers],
      "Reading the logs of OpenClaw's containers from",
    ],
    [
      'the folder alone where there is no container',
      { ...host, ...nginx },
      [ofFolder],
      "Reading OpenClaw's log in /tmp/openclaw from",
    ],
    [
      'both, where no container mounts the folder',
      { ...host, ...gatewayWithLog },
      [ofFolder, ofContainers],
      'and the logs of its containers from',
    ],
    [
      'the folder alone where a container mounts it',
      { ...host, ...mounting },
      [ofFolder],
      'Containers are left out, because one may write its log into this folder too',
    ],
    [
      'the folder alone where the mounts of a pod are not known',
      { ...host, ...pod('openclaw-0') },
      [ofFolder],
      'Containers are left out',
    ],
  ])('%s', async (_title, files, sources, sentence) => {
    const found = await find(files)
    expect(found.sources).toEqual(sources)
    expect(found.sentence).toContain(sentence)
    expect(found.considered?.length).toBe(Object.keys(files).some(path => !path.startsWith('/tmp')) ? 1 : 0)
  })

  it('the recordings are played where nothing is OpenClaw, and it is said what was looked for', async () => {
    const { sources, sentence, considered } = await find(nginx)
    expect(sources.map(({ type }) => type)).toEqual(['recording', 'recording'])
    expect(sentence).toContain(
      'there is no OpenClaw log in /tmp/openclaw, and no container whose image, name or label says that it is OpenClaw.',
    )
    expect(considered).toHaveLength(1)
  })

  it('a container stands for a log folder that cannot be read, which is named', async () => {
    const { sources, sentence } = await find({ ...gatewayWithLog, '/tmp/openclaw/': 'EACCES' })
    expect(sources).toEqual([ofContainers])
    expect(sentence).toContain('/tmp/openclaw (EACCES) cannot be read and is left out.')
  })
})
