/** Ends the bootstrap with one sentence for the user and no stack trace. */
export class Stop extends Error {}
