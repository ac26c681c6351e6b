/**
 * Rules for text that people write: what counts as a character, what is refused, how names are compared.
 * Pure; shared by the page and the functions so that both count alike.
 */
import * as z from 'zod/mini';

/** Length in Unicode code points, which is what people mean by "characters" and what the limits count. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const controlCharacters = /\p{Cc}/u;
const controlsButBreaks = /[^\P{Cc}\n\t\r]/u;

/** The form in which two names are compared: NFKC, case folded, trimmed, white space collapsed. */
export function normalizeName(name: string): string {
  // Upper then lower folds what lower alone does not (ß and ss); NFKC again because folding can decompose.
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replace(/\s+/gu, ' ').trim();
}

/** A name of 1 to `max` code points after trimming, again after normalising, without control characters. */
export function nameSchema(max: number) {
  return z.string().check(
    z.refine((name) => name.isWellFormed(), 'must be well-formed Unicode'),
    z.refine((name) => !controlCharacters.test(name), 'must not contain control characters'),
    z.overwrite((name) => name.trim()),
    z.refine((name) => normalizeName(name) !== '', 'must not be empty'),
    z.refine(
      (name) => codePoints(name) <= max && codePoints(normalizeName(name)) <= max,
      `must have at most ${max} characters`,
    ),
    z.meta({ minLength: 1, maxLength: max }),
  );
}

/** Free text of at most `max` code points; line breaks and tabs are allowed, other controls are not. */
export function textSchema(max: number) {
  return z.string().check(
    z.refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
    z.refine((text) => !controlsButBreaks.test(text), 'must not contain control characters'),
    z.refine((text) => codePoints(text) <= max, {
      error: `must have at most ${max} characters`,
      params: { tooLong: true },
    }),
    z.meta({ maxLength: max }),
  );
}

/** A point in time, ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime();
