/** V8 creates no sliced strings that are shorter than this. */
const MIN_SLICE = 13

/** A copy of the text with its own memory. A string that was cut from a larger one keeps all of that in memory. */
export function ownText(text: string): string {
  return text.length < MIN_SLICE ? text : JSON.parse(JSON.stringify(text))
}
