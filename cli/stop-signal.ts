import type { ServiceProcess } from './run-service.ts'

/** Aborts at SIGTERM or SIGINT, until it is released. A second one ends the process immediately. */
export interface StopSignal {
  readonly signal: AbortSignal
  readonly release: () => void
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** For a command that has something to clean up when it is stopped: programs that it started, files of its own. */
export function stopSignal(host: ServiceProcess): StopSignal {
  const stop = new AbortController()
  const end = () => {
    if (stop.signal.aborted) host.exit(1)
    stop.abort()
  }
  for (const signal of SIGNALS) host.on(signal, end)
  return {
    signal: stop.signal,
    release() {
      for (const signal of SIGNALS) host.off(signal, end)
    },
  }
}
