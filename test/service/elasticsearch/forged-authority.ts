import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../stack/servers/run.ts'

/** An authority of its own, and certificates of it for servers, by openssl, in this folder. */
export interface ForgedAuthority {
  /** PEM of the authority. */
  readonly ca: string
  /** PEM of the key of every certificate. */
  readonly key: string
  /**
   * PEM of a certificate.
   *
   * @param names subject alternative names, `DNS:es.example`
   * @param from begin and end of its validity, `20400101000000Z`; default: now, for a year
   */
  sign(names: string, from?: readonly [string, string]): string
  /** PEM of a certificate that no authority signed. */
  readonly selfSigned: string
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const CONFIGURATION = `
[ca]
default_ca = register
[register]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
default_days = 365
policy = subject
unique_subject = no
[subject]
commonName = supplied
`

export function forgeAuthority(folder: string): ForgedAuthority {
  mkdirSync(folder, { recursive: true })
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content)
  write('register.cnf', CONFIGURATION)
  write('index.txt', '')
  write('serial', '1000\n')
  openssl('req', '-x509', ...KEY, '-days', '365', '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem')
  openssl('req', ...KEY, '-subj', '/CN=server', '-keyout', 'server.key', '-out', 'server.csr')
  openssl('req', '-x509', '-key', 'server.key', '-days', '365', '-subj', '/CN=self', '-out', 'self.pem')
  return {
    ca: text('ca.pem'),
    key: text('server.key'),
    selfSigned: text('self.pem'),
    sign(names, from) {
      write('names', `subjectAltName=${names}\n`)
      const times = from === undefined ? [] : ['-startdate', from[0], '-enddate', from[1]]
      const signing = ['-config', 'register.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-extfile', 'names']
      openssl('ca', '-batch', '-notext', ...signing, ...times, '-in', 'server.csr', '-out', 'signed.pem')
      return text('signed.pem')
    },
  }
}
