#!/usr/bin/env node
import { userInfo } from 'node:os'
import { createExporter } from '../exporter/app.ts'
import { createRemediation } from '../remediation/app.ts'
import { loadWebConfig } from '../service/http/web-config-file.ts'
import { runProgram } from './program.ts'
import { readRunbook } from './runbooks.ts'
import { openclawLogFolders } from './sources.ts'
import { packageVersion } from './version.ts'

process.exitCode = await runProgram(process.argv.slice(2), {
  version: packageVersion(),
  folder: process.cwd(),
  logFolders: openclawLogFolders(),
  stdout: process.stdout,
  stderr: process.stderr,
  process,
  createExporter: (loaded, setup) => createExporter(loaded, { ...setup, readRunbook }),
  createRemediation,
  user: userInfo().username,
  checkWebConfig: loadWebConfig,
})
