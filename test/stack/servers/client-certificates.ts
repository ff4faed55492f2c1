import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'

/** A certificate and its key as PEM files. */
export interface KeyPair {
  readonly certificateFile: string
  readonly keyFile: string
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** An authority in a folder, by openssl, and the certificates that it signs. */
export interface Authority extends KeyPair {
  /**
   * @param name common name, and a name among the alternative ones
   * @param days how long the certificate is valid; negative: it has expired
   * @param usage extended key usage
   * @param commonName default: the name
   */
  sign(name: string, days?: number, usage?: 'clientAuth' | 'serverAuth', commonName?: string): KeyPair
}

export function makeAuthority(folder: string, name: string): Authority {
  const own = selfSigned(folder, name, ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'])
  return {
    ...own,
    sign: (leaf, days = 30, usage = 'clientAuth', commonName = leaf) =>
      sign(folder, own, leaf, days, usage, commonName),
  }
}

/** A certificate that nobody but itself vouches for. */
export function selfSigned(folder: string, name: string, more: readonly string[] = []): KeyPair {
  const pair = pairOf(folder, name)
  const { certificateFile, keyFile } = pair
  run(
    'openssl',
    [
      'req',
      '-x509',
      ...KEY,
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      ...more,
      '-keyout',
      keyFile,
      '-out',
      certificateFile,
    ],
    {},
  )
  return pair
}

function sign(
  folder: string,
  authority: KeyPair,
  name: string,
  days: number,
  usage: string,
  commonName: string,
): KeyPair {
  const pair = pairOf(folder, name)
  const request = join(folder, `${name}.csr`)
  const extensions = join(folder, `${name}.ext`)
  writeFileSync(extensions, `extendedKeyUsage=${usage}\nsubjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1\n`)
  run('openssl', ['req', ...KEY, '-subj', `/CN=${commonName}`, '-keyout', pair.keyFile, '-out', request], {})
  const signing = ['-CA', authority.certificateFile, '-CAkey', authority.keyFile, '-CAcreateserial']
  run(
    'openssl',
    [
      'x509',
      '-req',
      '-in',
      request,
      ...signing,
      '-days',
      String(days),
      '-extfile',
      extensions,
      '-out',
      pair.certificateFile,
    ],
    {},
  )
  return pair
}

const pairOf = (folder: string, name: string): KeyPair => {
  return { certificateFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) }
}
