import { guards } from './guards.ts'

/** Programs whose versions are watched, because their records may change with a version. The set is closed. */
export const products = ['openclaw', ...guards] as const
export type Product = (typeof products)[number]
