/** Lines with what is said of them: place, level and sentence, and after `>` what to write. */
export const wrongLines: readonly (readonly [text: string, problem: string])[] = [
  // Lines that are none.
  ['alow x', '1:1 error: alow is no keyword and no key; did you mean "allow"? > allow'],
  ['Allow', '1:1 error: a block begins with its keyword in lower case and without a colon, not with Allow > allow'],
  ['zone: x', '1:1 error: a block begins with its keyword in lower case and without a colon, not with zone: > zone'],
  [
    'deny from: any',
    '1:1 error: there are only allow rules, and what no rule allows is denied; remove deny, or narrow the rule that allows it',
  ],
  ['from: any', '1:1 error: from belongs to a block; begin one above, with policy, zone, list, allow, role, expect'],
  ['zone', '1:5 error: zone needs a name; write it after the keyword'],
  ['zone members: any', '1:15 error: zone needs a name; write it after the keyword'],
  ['expect', '1:7 error: expect needs an answer; write expect allow, expect deny or expect unknown'],
  [
    'expect dny from any to any',
    '1:8 error: "dny" is no answer of a policy; expect allow, deny, unknown; did you mean "deny"? > deny',
  ],
  [
    'list two words',
    '1:10 error: words is not expected after the name of list; a name is one word, and a property is key: value',
  ],
  ['allow\nform: any', '2:1 error: form: is no keyword and no key; did you mean "from:"? > from:'],
  ['allow\nfrom:any', '2:1 error: from: has no space after its colon; write one > from: any'],
  ['allow from:any to: any', '1:7 error: from: has no space after its colon; write one > from: any'],
  ['allow\nfrom:\nto: any', '2:6 error: from has no value; write for instance from: service-identity=agent-controller'],
  [
    'allow\nfrom: a b',
    '2:9 error: b is not expected here; separate alternatives of from with a comma, and join what must all hold with "and"',
  ],
  ['allow\nfrom: a or b', '2:9 error: or is not a word of the language; write a comma between alternatives > ,'],
  ['allow\nfrom: a && b', '2:9 error: && is not a word of the language; write "and" between what must all hold > and'],
  ['allow\nfrom: not a', '2:11 error: there is no negation in an allow-list; name what is allowed'],
  ['allow\nfrom: a,', '2:9 error: nothing follows a comma; remove it, or continue in the next line'],
  ['allow\nfrom: a and', '2:12 error: nothing follows "and"; remove it, or continue in the next line'],
  ['allow\nfrom: a,, b', '2:9 error: a comma is followed by ,; write a value between them'],
  ['allow\nfrom: zone=', '2:12 error: zone= has no value; write it after the equals sign'],
  ['allow\nfrom: zone==x', '2:12 error: an attribute is compared with one "=" > '],
  ['allow\nfrom: service-identity=[a', '2:24 error: this bracket is not closed; close it with ] on the same line'],
  [
    'allow\ncondition: trusted',
    '2:19 error: a condition is an attribute, "=" and a value, such as device-posture=trusted; the last one is not complete',
  ],
  [
    'allow\ncondition: device-posture=trusted, network=10.0.0.0/8',
    '2:43 error: a comma separates values of one condition; write "and" between conditions',
  ],
  ['allow\nowner: two words', '2:12 error: owner has one word as its value; words is more than that'],
  // Blocks that mean nothing.
  ['allow x\nto: any', '1:1 error: allow x has no from; add for instance "from: service-identity=agent-controller"'],
  ['zone z', '1:1 error: zone z has no members; add for instance "members: namespace=openclaw"'],
  ['zone z\nmembers: any\nto: any', '3:1 error: to belongs to allow or expect; zone has members'],
  [
    'allow\nfrom: any\nto: any\nowner: a\nowner: b',
    '5:1 error: owner is already set in this block; remove one of the two',
  ],
  ['policy a\npolicy b', '2:1 error: this is the second policy block of the file; a file has one policy'],
  [
    'allow\nfrom: any\nto: any\nreason: soon expires: 2027-01-01',
    '4:13 error: expires: is a part of the reason here, which is the rest of the line; begin a line with it',
  ],
  [
    'expect deny from a.local, b.local to any',
    '1:27 error: an expectation is about one access, so from has no alternatives; write another expect',
  ],
  // Names.
  [
    'policy a/b',
    '1:8 error: "a/b" is no name; a name has letters, digits, hyphens, dots and underscores, at most 63, and begins and ends with a letter or digit > a-b',
  ],
  [
    'zone z\nmembers: any\nzone z\nmembers: any',
    '3:1 error: there is already a zone "z" above; give this one another name, or remove one of the two',
  ],
  [
    'zone zone-a\nmembers: any\nzone b\nmembers: zone=zone-a',
    '4:10 error: the members of a zone cannot be another zone; write its members into a list, and name that in both zones',
  ],
  [
    'list l\nmembers: list=m\nlist m\nmembers: list=l',
    '4:10 error: this list is a member of itself (l > m > l); remove one of these members',
  ],
  [
    'zone agents\nmembers: any\nallow\nfrom: zone=agent\nto: any',
    '4:7 error: there is no zone "agent"; did you mean "agents"?',
  ],
  [
    'zone agents\nmembers: any\nallow\nfrom: agents\nto: any',
    '4:7 warning: "agents" is read as a host name, and there is a zone of that name; did you mean "zone=agents"? > zone=agents',
  ],
  // Ends.
  [
    'allow\nfrom: servce-identity=a\nto: any',
    '2:7 error: "servce-identity" is no attribute of an end; did you mean "service-identity"? > service-identity',
  ],
  [
    'allow\nfrom: host=a\nto: any',
    '2:7 error: "host" is no attribute of an end; write the host name alone, without host=',
  ],
  [
    'allow\nfrom: 10.0.0\nto: any',
    '2:7 error: "10.0.0" has 3 numbers; an address has four numbers from 0 to 255, as in 10.0.0.5, and a network a prefix too, as in 10.0.0.0/8',
  ],
  [
    'allow\nfrom: 1.2.3.4.5\nto: any',
    '2:7 error: "1.2.3.4.5" has 5 numbers; an address has four numbers from 0 to 255, as in 10.0.0.5, and a network a prefix too, as in 10.0.0.0/8',
  ],
  [
    'allow\nfrom: 10.0.0.256\nto: any',
    '2:7 error: "10.0.0.256" has a number above 255; an address has four numbers from 0 to 255',
  ],
  [
    'allow\nfrom: 010.0.0.1\nto: any',
    '2:7 error: "010.0.0.1" has a number with a leading zero, which programs read in different ways; write it without',
  ],
  [
    'allow\nfrom: 10.0.0.0/33\nto: any',
    '2:7 error: "10.0.0.0/33" has the prefix 33; that of an IPv4 network is 0 to 32',
  ],
  [
    'allow\nfrom: 2001:db8::/129\nto: any',
    '2:7 error: "2001:db8::/129" has the prefix 129; that of an IPv6 network is 0 to 128',
  ],
  [
    'allow\nfrom: 10.0.0.5/8\nto: any',
    '2:7 error: "10.0.0.5/8" has bits behind its prefix: the network is 10.0.0.0/8, the address 10.0.0.5; write the one that is meant > 10.0.0.0/8',
  ],
  [
    'allow\nfrom: a.0x1\nto: any',
    '2:7 error: "a.0x1" ends with a number, as an address does, and is none; an address has four numbers from 0 to 255, as in 10.0.0.5, and a network a prefix too, as in 10.0.0.0/8',
  ],
  ['allow\nfrom: *\nto: any', '2:7 error: "*" is no host name; write any > any'],
  [
    'allow\nfrom: a.*.local\nto: any',
    '2:7 error: "a.*.local" has a star in another place than at the begin, as in *.example.com',
  ],
  [
    'allow\nfrom: service-identity=a*b\nto: any',
    '2:24 error: this identity has a star in another place than at its end, as in hunter-*',
  ],
  [
    'allow\nfrom: namespace=a*\nto: any',
    '2:17 error: this namespace ends with a star, which only service identities may; write it in full',
  ],
  [
    'allow\nfrom: a.local:443\nto: any',
    '2:7 error: "a.local:443" has a port, which only a destination has; write the name alone > a.local',
  ],
  // Ports and protocols.
  ['allow\nfrom: any\nto: a:0', '3:7 error: "0" is no port; a port is 1 to 65535'],
  ['allow\nfrom: any\nto: a:80-70', '3:7 error: the range of ports 80-70 ends before it begins > 70-80'],
  [
    'allow\nfrom: any\nto: a:443 and namespace=b',
    '3:5 error: a port is behind the last term of a destination; move it there',
  ],
  [
    'allow\nfrom: any\nto: 2001:db8::1:443',
    '3:5 warning: "2001:db8::1:443" is read as an address without a port; write [2001:db8::1]:443, or [2001:db8::1:443] if that is meant > [2001:db8::1]:443',
  ],
  [
    'allow\nfrom: any\nto: any\nprotocol: htps',
    '4:11 error: "htps" is no known protocol; did you mean "https"? > https',
  ],
  [
    'allow\nfrom: any\nto: a:1\nprotocol: icmp',
    '3:5 error: icmp has no ports; remove the port, or name another protocol',
  ],
  // Conditions and settings.
  [
    'role r\nidentities: a\nmay: b\ncondition: posture=trusted',
    '4:12 error: "posture" is no attribute of a condition; did you mean "device-posture"? > device-posture',
  ],
  [
    'role r\nidentities: a\nmay: b\ncondition: device-posture=trused',
    '4:27 error: "trused" is no device posture; it is trusted, untrusted, unknown; did you mean "trusted"? > trusted',
  ],
  [
    'role r\nidentities: a\nmay: b\ncondition: weekday=monday',
    '4:20 error: "monday" is no weekday; write mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri; did you mean "mon"? > mon',
  ],
  [
    'role r\nidentities: a\nmay: b\ncondition: time=8:00-18:00',
    '4:17 error: "8:00-18:00" is no range of times; write for instance 08:00-18:00 or 22:00-06:00',
  ],
  [
    'role r\nidentities: a\nmay: b\ncondition: time=08:00-08:00',
    '4:17 error: "08:00-08:00" begins when it ends; leave the condition out for the whole day, or write 00:00-24:00',
  ],
  [
    'role r\nidentities: a\nmay: b\ncondition: network=a.local',
    '4:20 error: "a.local" is neither a network nor a host name; a host name has no "/"',
  ],
  ['allow\nfrom: any\nto: any\nexpires: 2027-02-29', '4:10 error: 2027-02-29 is no day of the calendar'],
  [
    'allow\nfrom: any\nto: any\nexpires: 31.3.2027',
    '4:10 error: "31.3.2027" is no day; write year, month and day, as in 2027-03-31',
  ],
  [
    'policy p\ntime-zone: Europe/Berln',
    '2:12 error: "Europe/Berln" is no time zone of the IANA database; write for instance Europe/Berlin or UTC; did you mean "Europe/Berlin"? > Europe/Berlin',
  ],
  // Characters.
  [
    'allow\nfrom: service-identity=\u0430gent\nto: any',
    '2:24 error: this identity contains U+0430, which looks like "a" and is not equal to it; write the plain character > agent',
  ],
  [
    'allow\nfrom: service-identity=a\u200bgent\nto: any',
    '2:24 error: this identity contains the invisible character U+200B; remove it > agent',
  ],
  [
    'allow\nfrom: service-identity=\uff41gent\nto: any',
    '2:24 error: this identity contains U+FF41, which looks like "a" and is not equal to it; write the plain character > agent',
  ],
  [
    'allow\nfrom: service-identity=agent\u0416\nto: any',
    '2:24 warning: this identity mixes letters of two scripts: U+0416 is not a Latin letter; check that it is meant',
  ],
  [
    'zone \u0430\nmembers: any',
    '1:6 error: this name contains U+0430, which looks like "a" and is not equal to it; write the plain character > a',
  ],
  [
    'allow\nfrom: m\u00fcller.example\nto: any',
    '2:7 error: "m\u00fcller.example" has characters that a host name has not; write it in the form of DNS (IDNA) > xn--mller-kva.example',
  ],
  ['al\u200blow x', '1:1 error: al\u200blow is no keyword and no key; did you mean "allow"? > allow'],
  [
    '# \u202e',
    '1:3 error: U+202E is a control character of bidirectional text, which shows what follows in another order than it is read; remove it > ',
  ],
  ['# \u0007', '1:3 error: U+0007 is a control character, or no text in UTF-8; remove it > '],
  ['allow\nfrom: service-identity=[[a]]\nto: any', '2:24 error: brackets cannot be in brackets; remove the inner ones'],
]
