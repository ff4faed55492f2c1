/** A value of a label of Kubernetes. */
export const isLabelValue = (text: string): boolean =>
  text.length <= 63 && /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(text)

/** A key of a label: a name, possibly with a domain before it. */
export const isLabelKey = (text: string): boolean =>
  text.length <= 317 &&
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(text)
