import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
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
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/)
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
    expect(await init()).toContainEqual(expect.stringMatching(/^no file +webhook\/token/))
    expect([statSync(other).uid, statSync(other).mode]).toEqual([before.uid, before.mode])
    expect(readFileSync(other, 'utf8')).toBe('not a secret')
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
