/** The frameworks that are shipped, by their ids, in the order of a report. */
export const shippedFrameworks = ['nist-sp-800-207', 'nist-sp-800-53', 'cisa-ztmm-2'] as const

/** The file of a shipped framework. */
export const shippedFile = (id: (typeof shippedFrameworks)[number]): URL =>
  new URL(`./frameworks/${id}.yml`, import.meta.url)
