import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import { Secret } from '../../../core/secret.ts'
import { type Role, roles, webSchema } from '../../../service/http/config.ts'
import type { RouteHost } from '../../../service/http/http-service.ts'
import { type Roles, readRoles, rolesOf, routeRoles } from '../../../service/http/roles.ts'
import { startService, stopAll, temporaryFolder, writeWebConfig } from './fixtures.ts'

afterEach(stopAll)

const held = Object.fromEntries(
  roles.map(role => [
    role,
    { anyone: false, users: [`${role}-user`], certificates: [`${role}.example`], token: new Secret(`${role}-token`) },
  ]),
) as unknown as Roles

const builtIn = ['/', '/metrics', '/-/healthy', '/-/ready', '/-/reload']

/** Every route of the table that a service does not have by itself. */
function otherRoutes(app: RouteHost): void {
  for (const route of Object.keys(routeRoles)) {
    const [method = '', url = ''] = route.split(' ')
    if (!builtIn.includes(url)) app.route({ method, url, handler: async () => 'taken' })
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

const statusOf = async (base: string, route: string, headers: Record<string, string> = {}) => {
  const [method = '', url = ''] = route.split(' ')
  const response = await fetch(base + url.slice(1).replace(/:\w+/, 'x'), { method, headers })
  await response.arrayBuffer()
  return response.status
}

describe('a route', () => {
  it.each(Object.entries(routeRoles))('%s is for the role %s', async (route, role) => {
    const { url } = await startService({ roles: () => held, routes: otherRoutes })
    const open = role === 'open'
    expect(await statusOf(url, route)).toBe(open ? 200 : 401)
    expect(await statusOf(url, route, bearer('guessed'))).toBe(open ? 200 : 401)
    for (const other of roles) {
      const isHeld = open || other === role
      expect([other, await statusOf(url, route, bearer(`${other}-token`))]).toEqual([other, isHeld ? 200 : 403])
    }
  })

  it('without a role keeps the service from starting, and is named', async () => {
    const routes = (app: RouteHost) => void app.get('/forgotten', async () => 'taken')
    await expect(startService({ routes })).rejects.toThrow('the route GET /forgotten has no role')
  })

  it('is for everybody who is admitted while no roles are configured', async () => {
    const { url } = await startService({ routes: otherRoutes })
    for (const route of Object.keys(routeRoles)) expect([route, await statusOf(url, route)]).toEqual([route, 200])
  })
})

describe('a role', () => {
  it('is held by a user who has signed in, and by no other', async () => {
    const users = `basic_auth_users:\n  scrape-user: ${hashSync('right', 4)}\n  nobody: ${hashSync('right', 4)}\n`
    const webConfigFile = writeWebConfig(temporaryFolder(), users)
    const { url } = await startService({ webConfigFile, roles: () => held })
    const metrics = (headers: Record<string, string>) => statusOf(url, 'GET /metrics', headers)
    expect(await metrics(basic('scrape-user', 'right'))).toBe(200)
    expect(await metrics(basic('scrape-user', 'wrong'))).toBe(401)
    expect(await metrics(basic('nobody', 'right'))).toBe(403)
    expect(await metrics(bearer('scrape-token'))).toBe(200)
    expect(await statusOf(url, 'GET /', basic('scrape-user', 'right'))).toBe(403)
  })

  it('is held by the name of a certificate', () => {
    expect(rolesOf({ certificateNames: ['other', 'view.example'] }, '', held)).toEqual(['view'])
    expect(rolesOf({ user: 'view.example' }, '', held)).toEqual([])
  })

  it('of anyone needs nothing but to be admitted', async () => {
    const open = { ...held, view: { ...held.view, anyone: true } }
    const { url } = await startService({ roles: () => open })
    expect([await statusOf(url, 'GET /'), await statusOf(url, 'GET /metrics')]).toEqual([200, 401])
  })

  it('is read from the configuration with its token from the environment', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration names a variable
    const web = webSchema.parse({ roles: { scrape: { bearer_token: '${TOKEN}' }, view: { users: ['alice'] } } })
    const read = await readRoles(web, { TOKEN: 'secret' })
    expect(read && rolesOf({}, 'bearer secret', read)).toEqual(['scrape'])
    expect(read && rolesOf({ user: 'alice' }, '', read)).toEqual(['view'] satisfies Role[])
    expect(await readRoles(webSchema.parse({}), {})).toBeUndefined()
    await expect(readRoles(web, {})).rejects.toThrow('web.roles.scrape.bearer_token')
  })
})
