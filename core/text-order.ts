/** By UTF-16 code units, for sorting: the same in every locale. */
export const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
