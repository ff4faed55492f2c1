/** The value of a JSON text. Undefined, which is the value of no JSON text, if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
