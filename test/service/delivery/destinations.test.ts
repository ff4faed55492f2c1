import { describe, expect, it } from '@jest/globals'
import { Secret } from '../../../core/secret.ts'
import { destinationSchema } from '../../../service/delivery/config.ts'
import { readDestinations } from '../../../service/delivery/destinations.ts'

const read = (more: Record<string, unknown>) =>
  readDestinations(
    'remediation.destinations',
    [destinationSchema.parse({ name: 'chat', template: 'slack', ...more })],
    {},
  )

describe('a destination', () => {
  it('has its secrets read', async () => {
    const destinations = await read({ url: 'https://hooks.example/x', token: 't' })
    expect(destinations.get('chat')).toMatchObject({ isNotification: true, url: new Secret('https://hooks.example/x') })
  })

  it.each([
    ['hunter2.example/x', 'the address in url or url_file is not an http or https URL'],
    ['file:///hunter2', 'the address in url or url_file is not an http or https URL'],
    ['https://u:hunter2@hooks.example/', 'the address in url or url_file contains a user or a password; remove them'],
    [undefined, 'needs url or url_file'],
  ])('with the address %s is refused at the start, without showing it', async (url, sentence) => {
    const refused = await read(url === undefined ? {} : { url }).catch(error => error)
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(sentence) })
    expect(refused.message).toContain('remediation.destinations[0]')
    expect(refused.message).not.toContain('hunter2')
  })
})
