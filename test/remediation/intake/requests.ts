import { request } from 'node:http'
import { alert, message, type TestService } from '../service.ts'

interface Posted {
  readonly path?: string
  /** The address of the client. */
  readonly from?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export function postWithHost(service: TestService, host: string, posted: Posted = {}): Promise<number> {
  const { path = 'alertmanager', from = '127.0.0.1', headers = {}, body = message([alert('192.0.2.2')]) } = posted
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { ...headers, host }, agent: false, localAddress: from }
    const sending = request(service.url + path, options, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sending.on('error', reject)
    sending.end(body)
  })
}

/** Sends a chunked body until the server answers or so many bytes went out. */
export function sendEndlessly(url: string, most: number): Promise<{ status: number; sent: number }> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let over = false
    const sending = request(url, { method: 'POST', headers: { authorization: 'Bearer right' } }, response => {
      over = true
      resolve({ status: response.statusCode ?? 0, sent })
      response.resume()
      sending.destroy()
    })
    sending.on('error', error => (over ? undefined : reject(error)))
    const more = () => {
      while (!over && sent < most) {
        sent += 64 * 1024
        if (!sending.write(Buffer.alloc(64 * 1024, ' '))) return sending.once('drain', more)
      }
    }
    more()
  })
}

/** Announces a megabyte, sends one byte of it and waits for the answer. */
export function answerToSlow(url: string, headers: Record<string, string>) {
  const started = Promise.withResolvers<void>()
  const status = Promise.withResolvers<number>()
  const length = { 'content-length': 1024 * 1024, expect: '100-continue' }
  const sending = request(url, { method: 'POST', headers: { ...headers, ...length }, agent: false }, response => {
    status.resolve(response.statusCode ?? 0)
    response.resume()
    sending.destroy()
  })
  sending.once('continue', () => {
    sending.write('{')
    started.resolve()
  })
  sending.on('error', status.reject)
  sending.flushHeaders()
  return { started: started.promise, status: status.promise }
}

/** A request that has sent its head and all of its body but one byte. */
export async function beginBody(
  url: string,
  length: number,
  shown: Record<string, string>,
  localAddress = '127.0.0.1',
) {
  const headers = { ...shown, 'content-length': length, expect: '100-continue' }
  const sending = request(url, { method: 'POST', headers, localAddress, agent: false })
  sending.on('error', () => {})
  sending.flushHeaders()
  await new Promise(resolve => sending.once('continue', resolve))
  sending.write(Buffer.alloc(length - 1, ' '))
  return sending
}

/** Begins to send 100 MB and gives the status; stops where the server does. */
export function sendHuge(url: string, authorization: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const size = 100 * 1024 * 1024
    const sending = request(url, { method: 'POST', headers: { authorization, 'content-length': size } }, response => {
      resolve(response.statusCode ?? 0)
      response.resume()
      sending.destroy()
    })
    sending.on('error', reject)
    sending.write(Buffer.alloc(64 * 1024))
  })
}
