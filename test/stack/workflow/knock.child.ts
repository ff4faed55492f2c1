/** `knock.child.ts TIMES DOOR KNOCK`: requests one after the other, each as JSON tells; prints what came back, as JSON. */
import { request } from '../servers/tls-client.ts'

const [times = '', door = '', knock = ''] = process.argv.slice(2)
const answers: string[] = []
for (let time = 0; time < Number(times); time++) answers.push(await request(JSON.parse(door), JSON.parse(knock)))
process.stdout.write(JSON.stringify(answers))
