/**
 * Literal texts, one of which stands raw in every line that can bring a claim or a loss, in both layouts. ASCII without
 * quotes or backslashes where a message is meant, because JSON escapes those. Few, because a source searches every line
 * for all of them at once: the levels stand for most templates, the rest are for those written as INFO or DEBUG.
 */
export const wantedTexts: readonly string[] = [
  // Levels of the file log and of the JSON console.
  'WARN',
  'ERROR',
  '"warn"',
  '"error"',
  // The colours of a terminal, which split a message's words: a coloured line is always read.
  'u001b[',
  'errorCode',
  'conn=',
  'device=',
  'node=',
  'evaluating reload',
  'Updated ',
  'update available',
  'egress request',
  'tool policy',
  'elevated command',
  'self-signed',
  'TLS certificate',
  'pairing request',
  'Install policy',
  'safeBins',
  // Verbose lines of channels and tools.
  'sender: ',
  'Block',
  'blocked',
]
