/** Time, waiting and chance, in one place so that tests can take them over. */
export const clock = {
  now: (): Date => new Date(),
  wait: (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds)),
  /** Uniform in [0, 1). */
  random: (): number => Math.random(),
};
