/** The three author-written stages, in the order in which they run. */
export const scriptStages = ["decode", "validate", "transform"] as const;
export type ScriptStage = (typeof scriptStages)[number];
