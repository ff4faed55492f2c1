/** `upstream.child.ts PORT`: answers requests in the place of a gateway, in the namespace that it is started in. */
import { startRefusingUpstream } from '../servers/refusing-upstream.ts'

const { port } = await startRefusingUpstream(Number(process.argv[2]))
process.stdout.write(`listening on ${port}\n`)
