import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../servers/run.ts'

export interface Certificates {
  /** PEM of the authority. */
  readonly ca: string
  readonly caFile: string
  /** Leaf and authority in one file, and the leaf's key. */
  readonly certificateFile: string
  readonly keyFile: string
  /** SHA-256 of the authority, in hexadecimal with colons. */
  readonly fingerprint: string
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const NAMES =
  'subjectAltName=DNS:localhost,DNS:elasticsearch.test,DNS:logs-1.example,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n'

/** An authority of its own and a certificate of it for loopback, by openssl, in this folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const authority = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign']
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-days',
    '30',
    '-subj',
    '/CN=test',
    ...authority,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  )
  openssl('req', ...KEY, '-subj', '/CN=localhost', '-keyout', 'http.key', '-out', 'http.csr')
  await writeFile(at('names'), NAMES)
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'http.csr', ...signing, '-out', 'leaf.crt')
  const ca = await readFile(at('ca.crt'), 'utf8')
  await writeFile(at('http.crt'), (await readFile(at('leaf.crt'), 'utf8')) + ca)
  const printed = openssl('x509', '-noout', '-fingerprint', '-sha256', '-in', 'ca.crt')
  return {
    ca,
    caFile: at('ca.crt'),
    certificateFile: at('http.crt'),
    keyFile: at('http.key'),
    fingerprint: printed.trim().split('=')[1] ?? '',
  }
}
