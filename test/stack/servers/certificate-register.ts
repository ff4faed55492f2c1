import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyPair } from './client-certificates.ts'
import { run } from './run.ts'

/** The register of an authority, by `openssl ca`: certificates of any time, and the list of those that were revoked. */
export interface CertificateRegister {
  /** @param from when its validity begins, `20400101000000Z`; it is valid for 30 days. Default: now. */
  sign(name: string, from?: string): KeyPair
  revoke(certificate: KeyPair): void
  /** Writes the list and gives its file. */
  revocationList(): string
}

export function openRegister(folder: string, authority: KeyPair): CertificateRegister {
  const own = join(folder, 'register')
  const at = (name: string) => join(own, name)
  mkdirSync(own)
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('serial'), '1000\n')
  writeFileSync(at('crlnumber'), '01\n')
  writeFileSync(at('openssl.cnf'), configuration(own, authority))
  const ca = (...args: string[]) => run('openssl', ['ca', '-batch', '-config', at('openssl.cnf'), ...args], {})
  return {
    sign(name, from) {
      const pair = { certificateFile: at(`${name}.pem`), keyFile: at(`${name}.key`) }
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', pair.keyFile]
      run('openssl', ['req', ...key, '-subj', `/CN=${name}`, '-out', at(`${name}.csr`)], {})
      const begin = from === undefined ? [] : ['-startdate', from]
      ca('-notext', '-days', '30', ...begin, '-in', at(`${name}.csr`), '-out', pair.certificateFile)
      return pair
    },
    revoke: ({ certificateFile }) => void ca('-revoke', certificateFile),
    revocationList() {
      ca('-gencrl', '-out', at('revoked.pem'))
      return at('revoked.pem')
    },
  }
}

const configuration = (folder: string, { certificateFile, keyFile }: KeyPair): string => `
[ca]
default_ca = register
[register]
database = ${folder}/index.txt
serial = ${folder}/serial
crlnumber = ${folder}/crlnumber
new_certs_dir = ${folder}
certificate = ${certificateFile}
private_key = ${keyFile}
default_md = sha256
default_crl_days = 30
policy = subject
x509_extensions = client
[subject]
commonName = supplied
[client]
extendedKeyUsage = clientAuth
`
