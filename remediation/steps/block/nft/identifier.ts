/**
 * Words of nftables' language that a table cannot be named after, neither in a script nor in `nft list table`. They are
 * those of its scanner from version 1.0 on; words that it knows only inside an expression are names elsewhere.
 */
export const keywords: ReadonlySet<string> = new Set(
  `
  accept add ah all and arp bridge cgroup chain chains comment comp constant continue counter counters cpu create
  ct day dccp define delete describe destroy device devices dnat drop dst dup dynamic ecn element elements eq esp
  ether exists expires export exthdr fib flags flow flowtable flowtables flush frag fwd ge geneve get goto gre
  gretap gt handle hbh hook hooks hour ibriport ibrname icmp icmpv6 igmp iif iifgroup iifname iiftype import
  include index inet insert interval ip ip6 ipsec jhash jump le limit limits list log lshift lt map maps mark
  masquerade meta meter meters mh missing monitor ne netdev nftrace not notrack numgen obriport obrname offload
  oif oifgroup oifname oiftype or osf pkttype policy position priority queue quota quotas random redefine redirect
  reject rename replace reset return rshift rt rt0 rt2 rtclassid rule rules ruleset sctp secmark secmarks set sets
  size skgid skuid snat socket srh symhash synproxy synproxys table tables tcp th time timeout tproxy tunnel
  tunnels type typeof udp udplite undefine update vlan vmap vni vxlan xor xt
`
    .trim()
    .split(/\s+/),
)

/** What nftables takes as the name of a table, chain or set; the kernel's limit is longer, and no name needs it. */
export const isIdentifier = (text: string): boolean => /^[A-Za-z]\w{0,30}$/.test(text) && !keywords.has(text)
