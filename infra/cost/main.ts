/**
 * `npm run cost`: what a deployment costs. Alone, it prints the tables of docs/cost.md; with `--size` or a workload
 * (`--people 200 --messages 1000000 …`) the bill of that month. `--measure` counts the operations anew on the local
 * stack and writes measured.ts; `--document` writes the tables into docs/cost.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withTables } from './document.ts';
import { collected, region } from './prices.ts';
import { billTable, documentTables } from './report.ts';
import { sizeNames, type SizeName } from './sizes.ts';
import { checkWorkload, usual, type Workload } from './workload.ts';

const workloadNames = Object.keys(usual) as (keyof Workload)[];

const { values } = parseArgs({
  options: {
    size: { type: 'string' },
    'api-management': { type: 'boolean', default: false },
    measure: { type: 'boolean', default: false },
    document: { type: 'boolean', default: false },
    ...Object.fromEntries(workloadNames.map((name) => [name, { type: 'string' as const }])),
  },
});
const given = values as Record<string, string | boolean | undefined>;

try {
  if (values.measure) await measureAnew();
  else if (values.document) writeDocument();
  else console.log(answer());
  process.exit(0);
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exit(1);
}

function answer(): string {
  const head = `List prices of ${collected}, ${region}, US dollars without tax. Not read off a bill.\n`;
  const changes = workloadNames.filter((name) => given[name] !== undefined);
  if (changes.length === 0 && given['size'] === undefined && !values['api-management']) {
    return [head, ...Object.values(documentTables())].join('\n');
  }
  const workload = { ...usual, ...Object.fromEntries(changes.map((name) => [name, Number(given[name])])) };
  checkWorkload(workload);
  const asked = workloadNames.map((name) => `${name} ${workload[name].toLocaleString('en-GB')}`).join(', ');
  const options = { apiManagement: values['api-management'] };
  return [head, `${asked}\n`, ...wantedSizes().map((name) => billTable(name, workload, options))].join('\n');
}

function wantedSizes(): readonly SizeName[] {
  const size = given['size'];
  if (size === undefined) return sizeNames;
  const known = sizeNames.filter((name) => name === size);
  if (known.length === 0) throw new RangeError(`size is one of ${sizeNames.join(', ')}.`);
  return known;
}

async function measureAnew(): Promise<void> {
  const { measure } = await import('./measure.ts');
  execFileSync(process.execPath, ['scripts/build.ts', '--functions'], { stdio: 'inherit' });
  console.log('Counting; this takes a minute or two …');
  const measurement = await measure(640);
  writeFileSync(
    new URL('measured.ts', import.meta.url),
    `/** Written by \`npm run cost -- --measure\`: what things cost on the local stack, each. Change nothing by hand. */\n` +
      `import type { Measurement } from './operations.ts';\n\n` +
      `export const measured: Measurement = ${JSON.stringify(measurement, null, 2)};\n`,
  );
  execFileSync('oxfmt', ['infra/cost/measured.ts']);
  console.log('Written to infra/cost/measured.ts. Now: npm run cost -- --document');
}

function writeDocument(): void {
  const path = 'docs/cost.md';
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), documentTables()));
  execFileSync('oxfmt', [path]);
}
