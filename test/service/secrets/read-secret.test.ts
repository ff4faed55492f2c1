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
      message: 'password: the environment variable NOT_SET is not set; set it, or use password_file',
    })
  })

  it.each([
    ['missing', () => join(folder, 'nowhere'), 'cannot be read (ENOENT); check the path and its permissions'],
    ['a folder', () => folder, 'is a directory and not a regular file; set the path of a regular file'],
    [
      'of two lines',
      () => file('lines', 'hunter2\nhunter3\n'),
      'has more than one line; it must contain the secret alone, on one line',
    ],
    [
      'followed by an empty line',
      () => file('blank', 'hunter2\n\n'),
      'has more than one line; it must contain the secret alone, on one line',
    ],
    [
      'with a control character',
      () => file('control', 'hunter2\u0000'),
      'contains characters that cannot be printed; it must contain the secret as text in UTF-8',
    ],
    [
      'with a mark of byte order',
      () => file('bom', '\ufeffhunter2'),
      'contains characters that cannot be printed; it must contain the secret as text in UTF-8',
    ],
    ['empty', () => file('empty', '\n'), 'is empty; it must contain the secret'],
    ['a FIFO', () => fifo('fifo'), 'is a FIFO and not a regular file; set the path of a regular file'],
    ['a device', () => '/dev/zero', 'is a device and not a regular file; set the path of a regular file'],
    ['too large', () => file('large', 'x'.repeat(65_537)), 'is larger than 64 KiB; is this the right file?'],
  ])('is refused where its file is %s', async (_, make, sentence) => {
    const path = make()
    const refused = await readSecret('password', { file: path }, {}).catch(error => error)
    expect(refused).toMatchObject({
      code: 'SECRET_UNREADABLE',
      message: `password_file: ${path} ${sentence}`,
    })
    expect(refused.message).not.toMatch(/hunter\d/)
  })

  it('is refused where it stands in a header that cannot hold it, wherever it comes from', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration names a variable
    const variable = new Secret('${KEY}')
    const written = [{ file: file('umlaut', 'hünter2') }, { inline: new Secret('hünter2') }, { inline: variable }]
    const environment = { KEY: 'hünter2' }
    for (const one of written) {
      const refused = await readSecret('key', one, environment, { inHeader: true }).catch(error => error)
      expect(refused).toMatchObject({
        code: 'SECRET_UNREADABLE',
        message: expect.stringMatching(/^key.* contains characters that an HTTP header cannot hold/),
      })
      expect(refused.message).not.toContain('nter2')
      expect((await readSecret('key', one, environment))?.reveal()).toBe('hünter2')
    }
  })

  it('of a variable has no line break at its end, as that of a file', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration names a variable
    const inline = new Secret('${KEY}')
    expect((await readSecret('key', { inline }, { KEY: 'hunter2\n' }))?.reveal()).toBe('hunter2')
    await expect(readSecret('key', { inline }, { KEY: 'hunter2\nx' })).rejects.toThrow('has more than one line')
  })
})
