/** `203.0.113.9:58800` and `[2001:db8::9]:58800`. */
const WITH_PORT = /^(?:\[([0-9a-fA-F:.%\w]{2,64})\]|([0-9.]{7,15})):\d{1,5}$/

/** The address in an address with a port, as proxies write the other end of a socket; undefined of anything else. */
export function socketAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, v6, v4 = v6] = WITH_PORT.exec(value) ?? []
  return v4
}
