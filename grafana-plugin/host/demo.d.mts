/** The demo that dashboards are looked at with. */
export interface Demo {
  /** `http://127.0.0.1:9090` */
  readonly prometheus: string;
  /** Start of the attack day, milliseconds. */
  readonly attack: number;
}

/** Starts it with this Node.js, which has to be 24 or newer; resolves when its past is there. */
export function startDemo(): Promise<{ readonly demo: Demo; readonly stop: () => Promise<void> }>;
