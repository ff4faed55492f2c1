import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { loadWebConfig } from '../../../service/http/web-config-file.ts'
import { temporaryFolder, writeWebConfig } from './fixtures.ts'

it('a FIFO as the web configuration or as its key is refused, and nothing waits for a writer', async () => {
  const folder = temporaryFolder()
  const fifo = join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  await expect(loadWebConfig(fifo)).rejects.toThrow(
    'fifo, the web configuration, is a FIFO and not a regular file; set the path of a regular file',
  )
  const file = writeWebConfig(folder, 'tls_server_config:\n  cert_file: web.yml\n  key_file: fifo\n')
  await expect(loadWebConfig(file)).rejects.toThrow(
    /fifo, key_file of .*, is a FIFO and not a regular file; set the path of a regular file/,
  )
})
