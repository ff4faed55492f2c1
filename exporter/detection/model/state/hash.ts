const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a, 32 bits, over bytes. Finds damage and changed constants; no protection against an adversary. */
export function hashBytes(bytes: ArrayLike<number>): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME)
  return hash >>> 0
}

/** The same over the UTF-16 units of a text. */
export function hashText(text: string): number {
  return hashBytes(Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)))
}
