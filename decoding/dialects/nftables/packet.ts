/** A packet as the kernel describes it. */
export interface LoggedPacket {
  /** As the rule has it, at most 127 characters. */
  readonly prefix: string
  readonly source: string
  readonly destination: string
  readonly protocol: string
  /** Port, or type of ICMP; undefined of other protocols and of a fragment. */
  readonly from: string | undefined
  /** Port, or code of ICMP. */
  readonly to: string | undefined
  /** False of a packet that belongs to a connection that has begun, and of an answer. */
  readonly isBeginning: boolean
}

/** The time since the boot, which the kernel itself puts before a message. */
const UPTIME = /^\[ {0,12}\d{1,12}\.\d{6}\] /
/** A prefix has at most 127 characters. */
const MAX_PREFIX = 128

/** The names of the types by which ICMP answers or reports an error. */
const replies: Readonly<Record<string, ReadonlySet<string>>> = {
  // Echo reply, unreachable, redirect, time exceeded, parameter problem; answers to requests for times and masks.
  ICMP: new Set(['0', '3', '5', '11', '12', '14', '18']),
  // Errors, echo reply, advertisements.
  ICMPv6: new Set(['1', '2', '3', '4', '129', '134', '136']),
}

/** The prefix of a message about a packet, and the place after its interfaces; undefined of any other message. */
export function beginningOf(message: string): { readonly prefix: string; readonly end: number } | undefined {
  const start = message.startsWith('[') ? (UPTIME.exec(message)?.[0].length ?? 0) : 0
  const interfaces = message.indexOf('IN=', start)
  if (interfaces < 0 || interfaces - start > MAX_PREFIX) return undefined
  const out = message.indexOf(' ', interfaces)
  if (out < 0 || !message.startsWith(' OUT=', out)) return undefined
  const end = message.indexOf(' ', out + 1)
  return end < 0 ? undefined : { prefix: message.slice(start, interfaces), end }
}

/** Undefined where the message is about no packet of IP. */
export function readPacket(message: string): LoggedPacket | undefined {
  const beginning = beginningOf(message)
  if (beginning === undefined) return undefined
  const { prefix, end } = beginning
  // The packet that an error of ICMP quotes follows in brackets.
  const quoted = message.indexOf(' [', end)
  const fields = message.slice(end, quoted < 0 ? undefined : quoted)
  const source = fieldOf(fields, ' SRC=')
  const destination = fieldOf(fields, ' DST=')
  const protocol = fieldOf(fields, ' PROTO=')
  if (source === undefined || destination === undefined || protocol === undefined) return undefined
  const hasPorts = fields.includes(' SPT=')
  const type = hasPorts ? undefined : fieldOf(fields, ' TYPE=')
  return {
    prefix,
    source,
    destination,
    protocol,
    from: hasPorts ? fieldOf(fields, ' SPT=') : type,
    to: fieldOf(fields, hasPorts ? ' DPT=' : ' CODE='),
    isBeginning: protocol === 'TCP' ? beginsConnection(fields) : !isReply(protocol, type),
  }
}

/** Undefined where the name is missing or nothing is after it. */
function fieldOf(fields: string, name: string): string | undefined {
  const at = fields.indexOf(name)
  if (at < 0) return undefined
  const start = at + name.length
  const end = fields.indexOf(' ', start)
  const value = end < 0 ? fields.slice(start) : fields.slice(start, end)
  return value === '' ? undefined : value
}

/** Flags are words; a number of a sequence is `ACK=1`. */
const beginsConnection = (fields: string): boolean => fields.includes(' SYN ') && !fields.includes(' ACK ')

const isReply = (protocol: string, type: string | undefined): boolean =>
  type !== undefined && Object.hasOwn(replies, protocol) && (replies[protocol]?.has(type) ?? false)
