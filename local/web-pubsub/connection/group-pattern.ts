/**
 * Patterns of group names in roles: `?` is one character but `.`, `*` any number but `.`, `**` any number, `\\` takes
 * the next as it stands. Not a regular expression: those take time without bound for some names, and clients choose
 * the names that are asked for.
 */
type Step = { kind: 'character'; character: string } | { kind: 'one' | 'some' | 'any' };

const mostStars = 5;

/** Undefined for more stars than the service allows. */
export function parseGroupPattern(text: string): ((group: string) => boolean) | undefined {
  const steps: Step[] = [];
  let stars = 0;
  for (const [part, escaped] of text.matchAll(/\\(.)|\*\*|./gsu)) {
    if (escaped !== undefined) steps.push({ kind: 'character', character: escaped });
    else if (part === '?') steps.push({ kind: 'one' });
    else if (part === '*' || part === '**') {
      stars += part.length;
      steps.push({ kind: part === '*' ? 'some' : 'any' });
    } else steps.push({ kind: 'character', character: part });
  }
  return stars > mostStars ? undefined : (group) => matches(steps, group);
}

/** Follows all ways through the steps at once, a character of the name at a time. */
function matches(steps: Step[], group: string): boolean {
  let reached = reach(steps, [0]);
  for (const character of group) {
    const next: number[] = [];
    for (const index of reached) {
      const step = steps[index];
      if (!step) continue;
      if (step.kind === 'character' && step.character === character) next.push(index + 1);
      else if (step.kind === 'one' && character !== '.') next.push(index + 1);
      else if (step.kind === 'any' || (step.kind === 'some' && character !== '.')) next.push(index);
    }
    reached = reach(steps, next);
  }
  return reached.has(steps.length);
}

/** Where one is, and where one gets from there without a character. */
function reach(steps: Step[], from: number[]): Set<number> {
  const reached = new Set<number>();
  for (const start of from) {
    let index = start;
    reached.add(index);
    while (steps[index]?.kind === 'some' || steps[index]?.kind === 'any') reached.add((index += 1));
  }
  return reached;
}
