/** Durations as the emulator's file writes them: ISO 8601, days and smaller ("P14D", "PT1M", "PT1H30M"). */

const pattern =
  /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const units = [86_400_000, 3_600_000, 60_000, 1_000];

/** Milliseconds; `undefined` where the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const parts = match.slice(1);
  if (parts.every((part) => part === undefined)) return undefined;
  return Math.round(units.reduce((total, unit, index) => total + Number(parts[index] ?? 0) * unit, 0));
}
