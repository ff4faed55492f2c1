import { readFileSync } from 'node:fs'

/** Where the second of the two captures begins: time goes back here. */
export const SECOND_CAPTURE = 87

/** The lines of the bundled capture: a real OpenClaw 2026.9.6 gateway under a scripted series of connections and changes. */
export function readCapturedLines(): readonly string[] {
  const file = new URL('./data/openclaw-2026.9.6-capture.jsonl', import.meta.url)
  return readFileSync(file, 'utf8').trimEnd().split('\n')
}
