import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { makeKey, readPublicKey, readSigningKey } from '../../../compliance/integrity/key-file.ts'
import { isConsistent, isSignedBy, leadsTo, rotate } from '../../../compliance/integrity/signing-key.ts'
import { withCommands } from '../../requirements.ts'
import { monthReport, newKey, store, temporaryRoot, verified } from './stored-reports.ts'

const NOW = '2026-11-30T00:00:00.000Z'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the files of a key', () => {
  it('are the private key for its owner alone, and the public key', async () => {
    const path = join(folder, 'report.key')
    const made = await makeKey(path, undefined, NOW)
    expect(made.files).toEqual([path, `${path}.pub`])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await readSigningKey(path)).fingerprint).toBe(made.fingerprint)
    expect((await readPublicKey(`${path}.pub`)).fingerprint).toBe(made.fingerprint)
    expect(readFileSync(`${path}.pub`, 'utf8')).not.toContain('PRIVATE')
  })

  it.each(['report.key', 'report.key.pub'])('are never overwritten: %s', async existing => {
    const path = join(folder, 'report.key')
    writeFileSync(join(folder, existing), 'mine')
    await expect(makeKey(path, undefined, NOW)).rejects.toMatchObject({
      code: 'REPORT_KEY_UNUSABLE',
      message: `${join(folder, existing)} exists, and a key is never overwritten; choose another file`,
    })
    expect(readFileSync(join(folder, existing), 'utf8')).toBe('mine')
    // Nothing of it is left.
    expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout.trim()).toBe(existing)
  })

  it('are not written through a link', async () => {
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'report.key'))
    await expect(makeKey(join(folder, 'report.key'), undefined, NOW)).rejects.toMatchObject({
      code: 'REPORT_KEY_UNUSABLE',
    })
  })

  it('are refused where others may read the private one, or where it is none', async () => {
    const path = join(folder, 'report.key')
    await makeKey(path, undefined, NOW)
    chmodSync(path, 0o644)
    await expect(readSigningKey(path)).rejects.toThrow(
      `The key ${path} may be read by other users; set its mode to 0600`,
    )
    await expect(readSigningKey(join(folder, 'none'))).rejects.toThrow('cannot be read (ENOENT)')
    await expect(readPublicKey(folder)).rejects.toThrow('is a directory and not a regular file')
    writeFileSync(path, 'not a key', { mode: 0o600 })
    await expect(readPublicKey(path)).rejects.toThrow(`The key ${path} does not hold a public key as PEM`)
  })
})

describe('a rotation', () => {
  it('leads from a key to the one that took its place, over several steps', () => {
    const [a, b, c] = [newKey(), newKey(), newKey()]
    const steps = [rotate(a, b, NOW), rotate(b, c, NOW)]
    expect(leadsTo(a, c, steps)).toBe(true)
    expect(leadsTo(b, c, steps)).toBe(true)
    expect(leadsTo(a, a, [])).toBe(true)
    expect(leadsTo(c, a, steps)).toBe(false)
    expect(leadsTo(a, c, steps.toReversed())).toBe(false)
  })

  it('is worth nothing where another key signed it, or where it was changed', () => {
    const [a, b, attacker] = [newKey(), newKey(), newKey()]
    const forged = { ...rotate(attacker, attacker, NOW), from: a.fingerprint }
    expect(leadsTo(a, attacker, [forged])).toBe(false)
    const right = rotate(a, b, NOW)
    expect(leadsTo(a, attacker, [{ ...right, to: attacker.fingerprint, publicKey: attacker.publicKey }])).toBe(false)
    expect(leadsTo(a, b, [{ ...right, at: '2027-01-01T00:00:00.000Z' }])).toBe(false)
    expect(leadsTo(a, b, [{ ...right, publicKey: 'no key' }])).toBe(false)
  })

  it('is made with a new key, and reports that it signs are those of the first key', async () => {
    const [first, second] = [join(folder, 'a.key'), join(folder, 'b.key')]
    await makeKey(first, undefined, NOW)
    const earlier = await readSigningKey(first)
    const made = await makeKey(second, earlier, NOW)
    expect(made.files).toContain(`${second}.rotations.json`)
    const later = await readSigningKey(second)
    expect(later.rotations).toHaveLength(1)
    const root = temporaryRoot()
    await store(root, monthReport(10), earlier)
    await store(root, monthReport(11), later)
    const { reports, problems } = await verified(root, { trusted: [await readPublicKey(`${first}.pub`)] })
    expect([...problems, ...reports.flatMap(report => report.problems)]).toEqual([])
    rmSync(join(root, '..'), { recursive: true })
  })
})

it('a key has the fingerprint of its own bytes only', () => {
  const [a, b] = [newKey(), newKey()]
  expect(isConsistent(a)).toBe(true)
  expect(isConsistent({ ...a, fingerprint: b.fingerprint })).toBe(false)
  expect(isConsistent({ ...a, publicKey: `${a.publicKey} ` })).toBe(false)
  expect(isSignedBy(a.publicKey, Buffer.from('x'), a.sign(Buffer.from('x')))).toBe(true)
  expect(isSignedBy(b.publicKey, Buffer.from('x'), a.sign(Buffer.from('x')))).toBe(false)
})

withCommands('openssl').it('the signature of a manifest is one that OpenSSL verifies', async () => {
  const path = join(folder, 'report.key')
  await makeKey(path, undefined, NOW)
  const root = temporaryRoot()
  const { folder: report } = await store(root, monthReport(11), await readSigningKey(path))
  writeFileSync(join(folder, 'sig'), Buffer.from(readFileSync(join(report, 'manifest.sig'), 'latin1'), 'base64'))
  const args = [
    '-verify',
    '-pubin',
    '-inkey',
    `${path}.pub`,
    '-rawin',
    '-in',
    join(report, 'manifest.json'),
    '-sigfile',
    join(folder, 'sig'),
  ]
  const { status, stdout } = spawnSync('openssl', ['pkeyutl', ...args], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, 'Signature Verified Successfully\n'])
  rmSync(join(root, '..'), { recursive: true })
})
