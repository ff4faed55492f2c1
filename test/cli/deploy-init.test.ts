import { spawnSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { compare } from 'bcryptjs'
import { parse } from 'yaml'
import { deploySecrets, initSecrets } from '../../cli/deploy-init.ts'

const files = deploySecrets.map(({ file }) => file)
const isRoot = process.getuid?.() === 0

describe('clawtrust deploy init', () => {
  let root: string
  const init = () => initSecrets(root, isRoot)
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const write = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), text)
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'clawtrust-deploy-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('writes each secret once: another one in each file, without a line break, and nothing again', async () => {
    const lines = await init()
    const secrets = files.map(read)
    expect(new Set(secrets).size).toBe(files.length)
    for (const { file, hashOf } of deploySecrets) if (hashOf === undefined) expect(read(file)).toMatch(/^[0-9a-f]{64}$/)
    for (const file of files) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^written +${file}: `)))
    const again = await init()
    expect(files.map(read)).toEqual(secrets)
    for (const file of files) expect(again).toContainEqual(expect.stringMatching(new RegExp(`^kept +${file}: `)))
  })

  it('prints what is next, and no secret', async () => {
    const text = (await init()).join('\n')
    expect(text).toContain('docker compose up -d --wait')
    expect(text).toContain('receiver/url')
    for (const file of files) expect(text).not.toContain(read(file))
  })

  it('gives nobody else a right, and Elasticsearch a password file that its group cannot read', async () => {
    await init()
    for (const file of files) expect([file, statSync(join(root, file)).mode & 0o007]).toEqual([file, 0])
    expect(statSync(join(root, 'elasticsearch/password')).mode & 0o777).toBe(0o600)
    expect(statSync(join(root, 'elasticsearch')).mode & 0o777).toBe(0o750)
  })

  it('keeps what users wrote, and names what is empty', async () => {
    write('grafana/password', 'chosen by hand')
    write('scrape/token', '')
    const lines = await init()
    expect([read('grafana/password'), read('scrape/token')]).toEqual(['chosen by hand', ''])
    expect(lines).toContainEqual(expect.stringMatching(/^EMPTY +scrape\/token/))
    expect(lines).toContainEqual(expect.stringMatching(/^Delete scrape\/token and run this again/))
  })

  it('follows no link, whose target would change its owner', async () => {
    const other = join(root, 'other')
    writeFileSync(other, 'not a secret')
    const before = statSync(other)
    mkdirSync(join(root, 'webhook'))
    symlinkSync(other, join(root, 'webhook/token'))
    const lines = await init()
    expect(lines).toContainEqual(expect.stringMatching(/^no file +webhook\/token/))
    expect(lines).toContain('webhook/token is a link and not a regular file: delete it and run this again.')
    expect([statSync(other).uid, statSync(other).mode]).toEqual([before.uid, before.mode])
    expect(readFileSync(other, 'utf8')).toBe('not a secret')
  })

  it('follows no link in the place of a folder, and says what to do', async () => {
    const victim = join(root, 'victim')
    mkdirSync(victim, { mode: 0o700 })
    writeFileSync(join(victim, 'password'), 'of somebody else', { mode: 0o600 })
    symlinkSync('victim', join(root, 'reader'))
    await expect(init()).rejects.toThrow(
      /^reader in .* \(it is a link or a file, not a folder\); delete it and run this/,
    )
    for (const path of [victim, join(victim, 'password')]) {
      const { uid, gid, mode } = statSync(path)
      expect([uid, gid, mode & 0o077]).toEqual([process.getuid?.(), process.getgid?.(), 0])
    }
    const link = join(root, 'link')
    symlinkSync('victim', link)
    await expect(initSecrets(link, isRoot)).rejects.toThrow(/cannot be used \(it is a link or a file, not a folder\)/)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  it('gives away no file that has another name', async () => {
    const other = join(root, 'other')
    writeFileSync(other, 'not a secret', { mode: 0o600 })
    mkdirSync(join(root, 'grafana'))
    linkSync(other, join(root, 'grafana/password'))
    expect(await init()).toContain('grafana/password has another name (a hard link): delete it and run this again.')
    const { uid, gid, mode } = statSync(other)
    expect([uid, gid, mode & 0o777]).toEqual([process.getuid?.(), process.getgid?.(), 0o600])
  })

  it('names what is no regular file, and waits for none', async () => {
    mkdirSync(join(root, 'scrape'))
    expect(spawnSync('mkfifo', [join(root, 'scrape/token')]).status).toBe(0)
    mkdirSync(join(root, 'receiver/url'), { recursive: true })
    const lines = await init()
    expect(lines).toContain('scrape/token is a FIFO and not a regular file: delete it and run this again.')
    expect(lines).toContain('receiver/url is a directory and not a regular file: delete it and run this again.')
    expect(lines.filter(line => /cannot read .*(?:scrape|receiver)/.test(line))).toEqual([])
  })

  it("writes the hash of Alertmanager's password, also of one that is chosen by hand, and none of an empty one", async () => {
    write('alertmanager/password', 'chosen by hand\n')
    await init()
    const { basic_auth_users } = parse(read('alertmanager/web.yml'))
    expect(Object.keys(basic_auth_users)).toEqual(['clawtrust'])
    expect(await compare('chosen by hand', basic_auth_users.clawtrust)).toBe(true)
    rmSync(join(root, 'alertmanager/web.yml'))
    write('alertmanager/password', '\n')
    await expect(init()).rejects.toThrow('alertmanager/password has no password; delete it and run this again')
  })

  it('sets owners as root, and otherwise says which secrets the containers cannot read', async () => {
    const text = (await init()).join('\n')
    const { uid, gid } = statSync(join(root, 'scrape/token'))
    if (isRoot) {
      expect([uid, gid]).toEqual([1000, 1000])
      expect(statSync(join(root, 'scrape')).gid).toBe(1000)
    }
    expect(text.includes('cannot read')).toBe(uid !== 1000)
    const unprivileged = mkdtempSync(join(root, 'unprivileged-'))
    const hint = (await initSecrets(unprivileged, false)).find(line => line.includes('cannot read'))
    expect(hint === undefined).toBe(statSync(join(unprivileged, 'scrape/token')).uid === 1000)
  })

  it('says where it belongs if there is no such folder', async () => {
    await expect(initSecrets(join(root, 'nowhere'), isRoot)).rejects.toThrow(/cannot be used \(ENOENT\); run this in/)
  })
})
