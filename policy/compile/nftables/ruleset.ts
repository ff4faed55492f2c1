const TABLE = 'inet clawtrust_policy'

/** Of the chains that a packet passes on a machine, each by its hook. */
const hooks = ['input', 'forward', 'output'] as const

/**
 * A table of its own, put in place of an earlier one in one transaction. The three hooks ask one chain of rules, so that the
 * same file is for a gateway and for an end. A table that drops decides for all: other tables can only drop more.
 */
export function ruleset(lines: readonly string[], isStaged: boolean): string {
  const chain = (name: string, statements: readonly string[]) => [
    `  chain ${name} {`,
    ...statements.map(statement => `    ${statement}`),
    '  }',
  ]
  const hook = (name: (typeof hooks)[number]) =>
    chain(name, [
      `type filter hook ${name} priority filter; policy ${isStaged ? 'accept' : 'drop'};`,
      'ct state established,related accept',
      ...(name === 'input' ? ['iif lo accept'] : name === 'output' ? ['oif lo accept'] : []),
      ...(name === 'forward'
        ? []
        : ['icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept']),
      'jump rules',
      // The exporter reads the prefix as a decision: audit where it is staged, else deny.
      `counter comment "${isStaged ? 'would be dropped' : 'dropped'}"`,
      `limit rate 10/second log prefix "clawtrust policy ${isStaged ? 'would drop' : 'drop'}: "`,
    ])
  return [
    // Deleting needs a table that is there.
    `table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    ...chain('rules', lines),
    ...hooks.flatMap(hook),
    '}',
    '',
  ].join('\n')
}
