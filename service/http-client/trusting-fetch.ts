import type { Fetch } from './bounded-fetch.ts'

export interface Trust {
  /** PEM of the authority that signed the server's certificate: the only trusted authority. */
  readonly ca?: string
  readonly clientCertificate?: { readonly certificate: string; readonly key: string }
}

/** A fetch that trusts a given authority only, and shows a client certificate; Node's own where neither is given. */
export async function trustingFetch({ ca, clientCertificate }: Trust): Promise<Fetch> {
  if (ca === undefined && clientCertificate === undefined) return fetch
  // The fetch of Node knows no authority of its own, and refuses the agent of another version.
  const { Agent, fetch: fetchBy } = await import('undici')
  const dispatcher = new Agent({
    connect: {
      ...(ca === undefined ? {} : { ca }),
      ...(clientCertificate === undefined ? {} : { cert: clientCertificate.certificate, key: clientCertificate.key }),
    },
    // Its sockets must not keep a command from ending.
    keepAliveTimeout: 1_000,
  })
  return ((input: never, init: never) => fetchBy(input, { ...(init as object), dispatcher })) as unknown as Fetch
}
