/**
 * Every constant of the scorer, in one table, so that one hash shows whether a saved state fits the code.
 * Times are minutes unless the name says otherwise; surprises are −log10 of a probability.
 * The values and what happens when each is changed: docs/anomaly.md.
 */
export const anomalyConstants = {
  /** Bumped when the layout of a snapshot changes. */
  snapshotVersion: 2,

  sketch: {
    binsPerSide: 200,
    binRatio: 1.06,
    /** Width of the middle bin, as a part of the mean deviation during warm-up. */
    unit: 0.01,
    warmUpValues: 32,
    tailQuantile: 0.98,
    minimumWeight: 50,
    capacity: 8000,
    minimumTailWeight: 5,
    maximumShape: 0.45,
    habituateFrom: 2,
  },

  shape: {
    seasonalBins: 144,
    seasonalRate: 0.075,
    seasonalShrinkage: 3,
    slowRate: 0.002,
    envelopeBins: 24,
    envelopeShrink: 0.01,
    habituation: 3,
    /** A value is `high` when its surprise is above this: the top decile. */
    highFrom: 1,
    fuseFrom: 1,
    fusePower: 1.25,
    fuseLimit: 12,
    holdOffSeconds: 57_600,
  },

  count: {
    windows: [1, 5, 20, 90, 360],
    warmUp: 720,
    habituation: 2,
    shrinkHourOfDay: 60,
    shrinkHourOfWeek: 180,
    /** Learning floors per minute: 14 days, that hour of 10 days, that hour of 4 weeks. */
    slowRate: 1 / 20_160,
    hourOfDayRate: 1 / 600,
    hourOfWeekRate: 1 / 240,
    winsorDeviations: 8,
    levelStep: 0.0015,
    levelPull: 0.9995,
    levelLimit: 1.5,
    sketchTrustedAt: 3000,
    modelWeight: 0.7,
    modelLimit: 4,
    dispersionStart: 0.3,
    dispersionFloor: 0.01,
    dispersionRate: 0.01,
    momentLow: -0.2,
    momentHigh: 20,
    silenceFrom: 2,
    /** A window is scored when at least this part of its minutes was observed. */
    observedPart: 0.5,
  },

  block: {
    minutes: 20,
    priorStrength: 1,
    dispersion: 0.3,
    winsorDeviations: 8,
    halfLife: 10_080,
    minimumExposure: 1e-6,
  },

  firstSeen: {
    halfLifeSeconds: 604_800,
    forgetSeconds: 2_592_000,
    capacity: 100_000,
    dispersion: 0.5,
    windows: [1, 60],
    warmUp: 720,
  },

  fusion: {
    shapeWeight: 0.5,
    shapeLimit: 12,
    blockWeight: 0.5,
    blockLimit: 6,
    /** The shape scorer is fed with sums of this many minutes. */
    shapeMinutes: 5,
    /** Raw at which the score is 50. */
    rawAtFifty: 4,
  },

  gauge: {
    warmUpValues: 144,
  },

  lite: {
    activeSeconds: 604_800,
    exposureBlocks: 1008,
  },
} as const
