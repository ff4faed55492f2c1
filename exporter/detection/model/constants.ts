/**
 * Every constant of the scorer, in one table, so that one hash shows whether a saved state fits the code.
 * Times are minutes unless the name says otherwise; surprises are −log10 of a probability.
 * docs/anomaly.md describes what they are for; docs/benchmarks.md has what each part of the scorer brings.
 */
export const anomalyConstants = {
  /** Bumped when the layout of a snapshot changes. */
  snapshotVersion: 3,

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

  /** What a minute of the day and of the week usually brings. */
  profile: {
    /** Cells of the day, 15 minutes each, and the harmonics that are fitted to them. */
    cells: 96,
    harmonics: 6,
    /** Penalty of a harmonic's coefficient, times the square of its order; of the weekend, and of Saturday against Sunday. */
    ridge: 1,
    weekendRidge: 1,
    saturdayRidge: 4,
    /** Days after which the difference of the weekend from weekdays counts for half; of both, that of Saturday from Sunday. */
    weekendDays: 0.6,
    saturdayDays: 8,
    /** Counts of a cell weigh less above this: a busy cell is no more certain than the days that it consists of. */
    cellWeightAt: 400,
    /** Half-life of what the shape of the day is learnt from, in days. */
    halfLifeDays: 28,
    minimumRate: 1e-5,
    /** Uncertainty of the shape: this part of the square of the rate, divided by the square of the days learnt; of a kind of day that is new. */
    youngVariance: 4,
    youngWithPrior: 1,
    newDayVariance: 0.3,
    /** Of a rate of which few events are known. */
    eventVariance: 1,
    /** Events are forgotten by this part each minute: two weeks. */
    eventMemory: 1 - 1 / 20_160,
    winsorDeviations: 3.5,
    /** Minutes of a day that have to be observed for its fit. */
    fitMinutes: 360,
  },

  jobs: {
    most: 12,
    /** Found from this many standard deviations on, in two memories of alternate days. */
    foundFrom: 3.5,
    memoryRate: 0.5,
    widths: [1, 2, 4, 7, 12, 20, 30],
    foundPerDay: 4,
    firstDay: 3,
    /** A job came where it brought this part of its usual events. */
    cameFrom: 0.35,
  },

  /** Minutes of the hour that bring more than others. */
  hourly: {
    days: 7,
    fewestEvents: 12,
  },

  /** What kind of day today is: as in the calendar, of the other kind, or an hour earlier or later. */
  dayKind: {
    otherOdds: 0.02,
    shiftOdds: 0.01,
    minutes: 30,
    temper: 0.4,
    levelVariances: 1.5,
    logLimit: 8,
    firstDay: 7,
    decidedFrom: 0.9,
  },

  level: {
    /** Minutes after which a deviation of the level is expected to have gone by 1/e. */
    relaxation: 480,
    varianceStart: 0.06,
    limit: 1.5,
    winsorDeviations: 2.5,
    /** While a series is surprising from here on, its level is not learnt, for at most this many minutes. */
    heldFrom: 3,
    heldFor: 720,
    /** Variance that the slow level gains in a day, and its variance at first. */
    slowVariance: 0.002,
    slowStart: 0.25,
  },

  dispersion: {
    start: 0.3,
    startWeight: 20,
    levelStartWeight: 30,
    /** Kept of what was learnt, a day. */
    memory: 0.95,
    floor: 0.02,
    limit: 1.5,
    levelFloor: 0.01,
    levelLimit: 0.5,
  },

  count: {
    windows: [4, 8, 12, 20, 40, 90, 180, 360],
    warmUp: 720,
    /** Windows shorter than this have so many more chances to err, and are held down by the logarithm of that. */
    fullFrom: 40,
    dispersionFloor: 0.005,
    correctionWeight: 200,
    correctionMemory: 0.998,
    momentLimit: 12,
    /** Windows from this width on are scored for too few events too. */
    shortfallFrom: 90,
    shortfallPenalty: 0.5,
    silenceFrom: 2,
    silencePenalty: 0.3,
    /** A window is scored when at least this part of its minutes was observed. */
    observedPart: 0.5,
  },

  /** When the model of counts is measurably wrong for a series: a width was surprised too often. */
  guard: {
    /** A surprise from here on begins an episode, which ends below the second. */
    from: 3,
    until: 1.5,
    /** Episodes are forgotten by this part each minute: two weeks. */
    memory: 1 - 1 / 20_160,
    /** What a right model shows in two weeks: 30·w^−.45 episodes, measured on SecCount without attacks. */
    usualEpisodes: 30,
    usualPower: -0.45,
    /** Mean of ln(A/3) of the peaks of a right model, from where a model is wrong, and the most that one peak counts. */
    usualTail: 0.145,
    wrongTail: 0.29,
    largestTail: 1.2,
    /** Episodes that say nothing yet. */
    priorEpisodes: 5,
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
