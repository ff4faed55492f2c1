/** Shorter texts are never views of the text that they were cut from (V8's sliced strings). */
const MIN_SLICE = 13

/** The text in memory of its own. One that was cut from a larger text keeps all of that in memory. */
export function ownText(text: string): string {
  return text.length < MIN_SLICE ? text : JSON.parse(JSON.stringify(text))
}
