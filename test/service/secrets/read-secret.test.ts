import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Secret } from '../../../core/secret.ts'
import { readSecret } from '../../../service/secrets/read-secret.ts'

const folder = mkdtempSync(join(tmpdir(), 'clawtrust-secret-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const fifo = (name: string) => {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return path
}

describe('a secret', () => {
  it('is what the file holds, without its last line break', async () => {
    const secrets = await Promise.all(
      ['hunter2', 'hunter2\n', 'hunter2\r\n', ' hunter 2 \n'].map((text, index) =>
        readSecret('password', { file: file(`${index}`, text) }, {}),
      ),
    )
    expect(secrets.map(secret => secret?.reveal())).toEqual(['hunter2', 'hunter2', 'hunter2', ' hunter 2 '])
  })

  it('is the variable that the value names', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration names a variable
    const inline = new Secret('${ELASTIC_PASSWORD}')
    expect((await readSecret('password', { inline }, { ELASTIC_PASSWORD: 'hunter2' }))?.reveal()).toBe('hunter2')
  })

  it('is the value itself where only a part of it looks like a variable', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a password may hold anything
    const inline = new Secret('a${B}')
    expect((await readSecret('password', { inline }, { B: 'b' }))?.reveal()).toBe(inline.reveal())
  })

  it('is undefined where none is given', async () => {
    expect(await readSecret('password', {}, {})).toBeUndefined()
  })

  it('is refused where the variable is not set', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration names a variable
    await expect(readSecret('password', { inline: new Secret('${NOT_SET}') }, {})).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
      message: 'password: the environment variable NOT_SET is not set; set it',
    })
  })

  it.each([
    ['missing', () => join(folder, 'nowhere'), 'cannot be read (ENOENT); check the path and its permissions'],
    ['a folder', () => folder, 'cannot be read (EISDIR); check the path and its permissions'],
    ['empty', () => file('empty', '\n'), 'is empty; it must contain the secret'],
    ['a FIFO', () => fifo('fifo'), 'is not a regular file; is this the right file?'],
    ['a device', () => '/dev/zero', 'is not a regular file; is this the right file?'],
    ['too large', () => file('large', 'x'.repeat(65_537)), 'is larger than 64 KiB; is this the right file?'],
  ])('is refused where its file is %s', async (_, make, sentence) => {
    const path = make()
    await expect(readSecret('password', { file: path }, {})).rejects.toThrow(`password_file: ${path} ${sentence}`)
  })
})
