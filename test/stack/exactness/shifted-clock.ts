/**
 * Loaded before an exporter (`node --import`): its wall clock is ahead of the machine's by the milliseconds that the file
 * named by CLAWTRUST_TEST_CLOCK holds, now and whenever that changes. Monotonic time passes as ever.
 */
import { readFileSync } from 'node:fs'

const REREAD_MS = 20

const file = process.env.CLAWTRUST_TEST_CLOCK ?? ''
const machine = Date.now.bind(Date)
const read = () => Number(readFileSync(file, 'utf8'))

let ahead = read()
setInterval(() => {
  ahead = read()
}, REREAD_MS).unref()
Date.now = () => machine() + ahead
