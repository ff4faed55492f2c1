import { describe, expect, it } from '@jest/globals'
import { reportDestinationSchema } from '../../../compliance/delivery/config.ts'

const mail = {
  type: 'email',
  name: 'board',
  server: 'smtp.example.org:587',
  from: 'clawtrust@example.org',
  to: ['security@example.org'],
}
const problems = (keys: object) => {
  const { error } = reportDestinationSchema.safeParse({ ...mail, ...keys })
  return error?.issues.map(({ path, message }) => [path.join('.'), message])
}

describe('a destination of reports', () => {
  it('by mail is redacted and encrypted unless that is configured otherwise', () => {
    expect(reportDestinationSchema.parse(mail)).toMatchObject({ redact: true, tls: 'starttls', attach: ['report.pdf'] })
  })

  it('by mail sends a password to another host over TLS only', () => {
    const user = { username: 'clawtrust', password: 'secret' }
    expect(problems({ ...user, tls: 'none' })).toEqual([['tls', expect.stringContaining('without encryption')]])
    expect(problems({ ...user, tls: 'none', server: '127.0.0.1:25' })).toBeUndefined()
    expect(problems({ tls: 'none' })).toBeUndefined()
  })

  it('by mail has a user and a password, or neither', () => {
    expect(problems({ username: 'clawtrust' })).toEqual([['password', expect.stringContaining('is missing')]])
    expect(problems({ password: 'secret' })).toEqual([['username', expect.stringContaining('is missing')]])
  })

  it.each(['a@b\r\nBcc: all@example.org', 'a b@example.org', '<a@example.org>', 'a@example.org, b@example.org'])(
    'has no recipient such as %j, which would be more than one address',
    address => expect(problems({ to: [address] })).toHaveLength(1),
  )
})
