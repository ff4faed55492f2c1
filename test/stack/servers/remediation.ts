import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.ts'
import { type RunningProcess, startProcess } from './process.ts'

export interface RunningRemediation {
  /** `https://127.0.0.1:9848/` */
  readonly url: string
  readonly process: RunningProcess
  stop(): Promise<number | null>
}

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

/** Starts `clawtrust remediation` with the configuration `clawtrust.yml` of a folder; it answers on return. */
export async function startRemediationProcess(folder: string): Promise<RunningRemediation> {
  const remediation = startProcess(process.execPath, [main, 'remediation'], { cwd: folder })
  const address = async () => /^Open (\S+)$/m.exec(remediation.output())?.[1]
  try {
    const url = await eventually('remediation tells its address', address, { by: remediation })
    return { url, process: remediation, stop: remediation.stop }
  } catch (error) {
    await remediation.stop()
    throw error
  }
}
