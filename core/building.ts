/** An object while it is put together: parts that are not known are left out, because JSON has no undefined. */
export type Building<T> = { -readonly [K in keyof T]: T[K] }
