/**
 * What happens in a trial: `write` appends lines, `half` writes one half of a line, then the other; `tried` waits until
 * the shipper has tried to send once more, `stored` until every line is there. `away` and `back` take the server away
 * (nothing listens), `deaf` loses its answers, `blocked` makes the index refuse each line with 429, `closed` with 400;
 * `unauthorized`, `busy`, `unavailable` and `badGateway` answer every request with 401, 429, 503 or a proxy's 502; `well`
 * ends all of these. `truncate` empties the log, `midnight` begins the log of the next day beside it.
 */
export type Step =
  | 'start'
  | 'TERM'
  | 'KILL'
  | 'write'
  | 'half'
  | 'rotate'
  | 'truncate'
  | 'midnight'
  | 'tried'
  | 'stored'
  | 'away'
  | 'back'
  | 'deaf'
  | 'blocked'
  | 'closed'
  | 'unauthorized'
  | 'busy'
  | 'unavailable'
  | 'badGateway'
  | 'well'

export interface Order {
  readonly name: string
  readonly steps: readonly Step[]
}

const order = (name: string, steps: string): Order => ({ name, steps: steps.split(' ') as Step[] })

/** In each of them every line must be stored once. At the beginning the server is there, the shipper is not. */
export const orders: readonly Order[] = [
  order('the server is away at the start', 'away write start tried write back stored'),
  order('the server is away meanwhile', 'write start stored away write tried back write stored'),
  order(
    'the server is away when the shipper gets SIGTERM',
    'write start stored away write tried TERM write back start stored',
  ),
  order(
    'the server is away when the shipper is killed',
    'write start stored away write tried KILL write back start stored',
  ),
  order(
    'the server is away from the start through SIGTERM, SIGTERM and SIGKILL',
    'away write start tried TERM write start tried TERM start write tried KILL start tried write back stored',
  ),
  order('the shipper gets SIGTERM at once', 'write start TERM write start TERM start stored'),
  order('the shipper gets SIGTERM while it sends', 'write start tried write TERM write start stored'),
  order('the shipper is killed while it sends', 'write start tried write KILL write start stored'),
  order(
    'answers are lost and the shipper gets SIGTERM',
    'write start stored deaf write tried TERM write well start stored',
  ),
  order(
    'answers are lost and the shipper is killed',
    'write start stored deaf write tried KILL write well start stored',
  ),
  order('the log is rotated', 'write start stored write rotate write stored rotate write stored'),
  order(
    'the log is rotated again and again',
    'write start stored write rotate write write rotate write write rotate write write rotate write stored',
  ),
  order('the log is rotated after SIGTERM', 'write start stored TERM write rotate write rotate write start stored'),
  order('the log is rotated after SIGKILL', 'write start tried KILL write rotate write rotate write start stored'),
  order(
    'the log is rotated while the server is away, then SIGTERM',
    'write start stored away write tried rotate write TERM rotate write start tried back stored',
  ),
  order(
    'the log is rotated while the server is away, then SIGKILL',
    'write start stored away write tried rotate write KILL rotate write start tried back stored',
  ),
  order('a line is half written at SIGTERM', 'write start stored half TERM half write start stored'),
  order('a line is half written at SIGKILL', 'write start stored half KILL half write start stored'),
  order(
    'the index is blocked, then SIGTERM',
    'write start stored blocked write tried TERM write start tried well stored',
  ),
  order(
    'the index is blocked, then SIGKILL',
    'write start stored blocked write tried KILL write start tried well stored',
  ),
  order(
    'the index is closed, then SIGTERM',
    'write start stored closed write tried TERM write start tried well stored',
  ),
  order(
    'the index is closed, then SIGKILL',
    'write start stored closed write tried KILL write start tried well stored',
  ),
  order('the log is truncated', 'write write start stored truncate write stored'),
  order(
    'the log is truncated, the server is away, then SIGKILL',
    'write write start stored truncate away write tried KILL write start back stored',
  ),
  order(
    'the log of the next day begins while the server is away, then SIGKILL',
    'write start stored away write tried midnight write KILL write start back stored',
  ),
]

/** Orders in which every request is refused for a time: a shipper that sends those again stores every line once too. */
export const refusals: readonly Order[] = (['unauthorized', 'busy', 'unavailable', 'badGateway'] as const).map(answer =>
  order(`every request is answered as ${answer}`, `${answer} write start tried TERM write start tried well stored`),
)
