import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  ContainerFilter,
  type ContainerMetadata,
  containerLogOf,
  decide,
} from '../../../../exporter/sources/file/containers.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const captured = (name: string) => readFileSync(new URL(`../../../fixtures/runtimes/${name}`, import.meta.url), 'utf8')
const docker = { gateway: captured('docker-gateway.config.v2.json'), nginx: captured('docker-nginx.config.v2.json') }
const podman = { all: captured('podman-containers.json'), gateway: captured('podman-gateway.config.json') }
const [{ id: podmanId }] = JSON.parse(podman.all)
const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

const refused = (code: string) => Object.assign(new Error('denied'), { code })
/** Reads metadata from a table. */
const from = (files: Readonly<Record<string, string>>) => async (path: string) => {
  const text = files[path]
  if (text === undefined) throw refused('ENOENT')
  return text
}

describe('the path of a log says of which container it is', () => {
  const pod = '/var/log/pods/default_openclaw-5c9_0b1c-22'
  it.each([
    [`/var/lib/docker/containers/${A}/${A}-json.log`, 'docker', `/var/lib/docker/containers/${A}`],
    [`/var/lib/docker/containers/${A}/${A}-json.log.2.gz`, 'docker', `/var/lib/docker/containers/${A}`],
    [`/s/overlay-containers/${A}/userdata/ctr.log`, 'podman', `/s/overlay-containers/${A}`],
    [`${pod}/gateway/0.log`, 'kubernetes', `${pod}/gateway`],
    [`${pod}/gateway/0.log.20261129-134419.gz`, 'kubernetes', `${pod}/gateway`],
    [
      `/var/log/containers/openclaw-5c9_default_gateway-${A}.log`,
      'kubernetes',
      '/var/log/containers/openclaw-5c9_default_gateway',
    ],
  ])('%s', (path, runtime, folder) => {
    expect(containerLogOf(path)).toMatchObject({ runtime, folder })
  })

  it.each([
    `/var/lib/docker/containers/${A}/${B}-json.log`,
    `/var/lib/docker/containers/${A}/config.v2.json`,
    `/var/lib/docker/containers/short/short-json.log`,
    `/s/overlay-containers/${A}/userdata/config.json`,
    '/var/log/pods/openclaw/gateway/0.log',
    '/var/log/openclaw.log',
  ])('%s is of none', path => {
    expect(containerLogOf(path)).toBeUndefined()
  })
})

it('names no more than the beginning of what an image says of itself', () => {
  const long = `openclaw${'x'.repeat(1_000_000)}`
  const title = { 'org.opencontainers.image.title': long }
  for (const container of [{ name: long }, { name: 'a', image: long }, { name: 'a', labels: title }]) {
    const { isRead, why } = decide({ labels: {}, ...container }, 'openclaw')
    expect([isRead, why.length < 300]).toEqual([true, true])
  }
})

describe('the metadata that real runtimes write', () => {
  it('of Docker: the service of a composer before the name, the image as it was asked for, and the mounts', async () => {
    const log = containerLogOf(`/d/${A}/${A}-json.log`)
    expect(await log?.metadata(from({ [`/d/${A}/config.v2.json`]: docker.gateway }))).toEqual({
      name: 'gateway',
      image: 'ghcr.io/openclaw/openclaw:2026.9.6',
      labels: {
        'com.docker.compose.project': 'openclaw',
        'com.docker.compose.service': 'gateway',
        'org.opencontainers.image.title': 'openclaw',
      },
      mounts: ['/srv/openclaw'],
    })
    const other = await log?.metadata(from({ [`/d/${A}/config.v2.json`]: docker.nginx }))
    // Its container is named openclaw-nginx-1.
    expect(other).toMatchObject({ name: 'nginx', image: 'nginx:1.27' })
  })

  it('of podman: name and image are in one file for all containers, the mounts in one for each', async () => {
    const log = containerLogOf(`/p/overlay-containers/${podmanId}/userdata/ctr.log`)
    const files = {
      '/p/overlay-containers/containers.json': podman.all,
      [`/p/overlay-containers/${podmanId}/userdata/config.json`]: podman.gateway,
    }
    expect(await log?.metadata(from(files))).toMatchObject({
      name: 'gateway',
      image: 'ghcr.io/openclaw/openclaw:2026.9.6',
      mounts: expect.arrayContaining(['/srv/openclaw']),
    })
    const unknown = containerLogOf(`/p/overlay-containers/${A}/userdata/ctr.log`)
    await expect(unknown?.metadata(from(files))).rejects.toThrow('containers.json does not name it')
  })

  it('of Kubernetes: nothing but the path', async () => {
    const log = containerLogOf('/var/log/pods/default_openclaw-5c9_0b1c/gateway/0.log')
    expect(await log?.metadata(from({}))).toEqual({ name: 'gateway', pod: 'openclaw-5c9', labels: {} })
  })

  it('is unknown, never wrong, whatever a file of metadata contains', async () => {
    const log = containerLogOf(`/d/${A}/${A}-json.log`)
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async text => {
        const found = await log?.metadata(from({ [`/d/${A}/config.v2.json`]: text })).catch(() => undefined)
        if (found !== undefined) expect(typeof found.name).toBe('string')
      }),
    )
  })
})

describe('a container is read', () => {
  const plain: ContainerMetadata = { name: 'web', labels: {} }
  it.each<[title: string, metadata: Partial<ContainerMetadata>, isRead: boolean, why: string]>([
    [
      'by its image',
      { image: 'ghcr.io/openclaw/openclaw:2026.9.6' },
      true,
      'its image is ghcr.io/openclaw/openclaw:2026.9.6',
    ],
    [
      'by its image with a port and a digest',
      { image: 'r:5000/x/my-openclaw@sha256:00' },
      true,
      'its image is r:5000/x/my-openclaw@sha256:00',
    ],
    ['by its name, in any case', { name: 'My-OpenClaw' }, true, 'its name is My-OpenClaw'],
    [
      'by the title of its image',
      { labels: { 'org.opencontainers.image.title': 'OpenClaw' } },
      true,
      'its label org.opencontainers.image.title is OpenClaw',
    ],
    [
      'as the gateway of a pod',
      { name: 'gateway', pod: 'openclaw-5c9' },
      true,
      'it is the container gateway of the pod openclaw-5c9',
    ],
    [
      'not beside it in the pod',
      { name: 'istio-proxy', pod: 'openclaw-5c9' },
      false,
      'its name contains neither openclaw nor is gateway, in the pod openclaw-5c9',
    ],
    [
      'not as the gateway of another pod',
      { name: 'gateway', pod: 'kong-1' },
      false,
      'neither its image, its title nor its name contains openclaw',
    ],
    [
      'not by the organisation or the registry of its image',
      { image: 'openclaw.example/openclaw/nginx:1' },
      false,
      'neither its image, its title nor its name contains openclaw',
    ],
    [
      'not by the tag of its image',
      { image: 'nginx:openclaw' },
      false,
      'neither its image, its title nor its name contains openclaw',
    ],
    [
      'not by its project',
      { labels: { 'com.docker.compose.project': 'openclaw' } },
      false,
      'neither its image, its title nor its name contains openclaw',
    ],
    [
      'not as a sandbox, by its label',
      { image: 'openclaw/openclaw', labels: { 'openclaw.sandbox': '1' } },
      false,
      'it is a sandbox of OpenClaw, in which commands of the agent write',
    ],
    [
      'not as a sandbox, by its image',
      { image: 'openclaw-sandbox:bookworm-slim' },
      false,
      'it is a sandbox of OpenClaw, in which commands of the agent write',
    ],
    [
      'not as a sandbox, by its name',
      { name: 'openclaw-sbx-agent-main', image: 'debian' },
      false,
      'it is a sandbox of OpenClaw, in which commands of the agent write',
    ],
    ['not at all otherwise', {}, false, 'neither its image, its title nor its name contains openclaw'],
  ])('%s', (_title, metadata, isRead, why) => {
    expect(decide({ ...plain, ...metadata }, 'openclaw')).toEqual({ isRead, why })
  })
})

describe('a choice among paths', () => {
  const log = (id: string, end = '') => `/d/${id}/${id}-json.log${end}`

  it('keeps all files of the containers that are read, and no others', async () => {
    const read = from({ [`/d/${A}/config.v2.json`]: docker.gateway, [`/d/${B}/config.v2.json`]: docker.nginx })
    const filter = new ContainerFilter('openclaw', read)
    const paths = [log(A), log(A, '.1'), log(B), '/d/other.log']
    expect(await filter.choose('*', paths)).toEqual({ chosen: [log(A), log(A, '.1')], notices: [] })
  })

  it('names a container whose metadata cannot be read, once, and asks again', async () => {
    const files: Record<string, string> = {}
    const filter = new ContainerFilter('openclaw', from(files))
    const notices = [`/d/${A} is not read, because its metadata cannot be read (ENOENT).`]
    expect(await filter.choose('*', [log(A), log(A, '.1')])).toEqual({ chosen: [], notices })
    files[`/d/${A}/config.v2.json`] = '{"Na'
    const unknown = [`/d/${A} is not read, because its metadata cannot be read (config.v2.json has no Name).`]
    expect(await filter.choose('*', [log(A)])).toEqual({ chosen: [], notices: unknown })
    files[`/d/${A}/config.v2.json`] = docker.gateway
    expect(await filter.choose('*', [log(A)])).toEqual({ chosen: [log(A)], notices: [] })
  })

  it('reads the metadata of a container once while it is there, and again if it comes back', async () => {
    const asked: string[] = []
    const read = async (path: string) => {
      asked.push(path)
      return docker.gateway
    }
    const filter = new ContainerFilter('openclaw', read)
    for (const paths of [[log(A)], [log(A), log(A, '.1')], [], [log(A)]]) await filter.choose('*', paths)
    expect(asked).toEqual([`/d/${A}/config.v2.json`, `/d/${A}/config.v2.json`])
  })
})

describe('a file source with the key containers', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const put = (path: string, text: string) => {
    const file = join(folder.path, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const start = (id: string, metadata: string, lines: readonly string[]) => {
    put(`${id}/config.v2.json`, metadata)
    put(`${id}/${id}-json.log`, lines.map(line => `${logLine(line)}\n`).join(''))
  }

  it('follows a container that was made again under another id, without a restart, and no other', async () => {
    start(A, docker.gateway, ['one', 'two'])
    start(B, docker.nginx, ['not ours'])
    const paths = [join(folder.path, '*/*-json.log*')]
    following = new Following({ paths, containers: new ContainerFilter('openclaw'), startAt: 'beginning' })
    await following.catchUp()
    expect(following.bodies.map(body => JSON.parse(body)['1'])).toEqual(['one', 'two'])
    const again = 'c'.repeat(64)
    rmSync(join(folder.path, A), { recursive: true })
    start(again, docker.gateway, ['three'])
    await following.catchUp()
    expect(following.bodies.map(body => JSON.parse(body)['1'])).toEqual(['one', 'two', 'three'])
    expect(following.source.health()).toMatchObject({ up: true })
    expect([...following.committed.keys()]).toHaveLength(3)
  })

  it('says which container it cannot read because of its metadata, and reads the others', async () => {
    start(A, docker.gateway, ['one'])
    put(`${B}/${B}-json.log`, `${logLine('unknown')}\n`)
    const paths = [join(folder.path, '*/*-json.log*')]
    following = new Following({ paths, containers: new ContainerFilter('openclaw'), startAt: 'beginning' })
    await following.catchUp()
    expect(following.bodies.map(body => JSON.parse(body)['1'])).toEqual(['one'])
    const notice = `${join(folder.path, B)} is not read, because its metadata cannot be read (ENOENT).`
    expect(following.source.health()).toMatchObject({ up: true, notices: [notice] })
    expect(following.warnings).toEqual([notice])
  })
})
