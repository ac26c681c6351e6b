/** `npm run check`: format, types, lint, import borders, dead code, size of the page, longest file. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { crossings } from './borders.ts';
import { sourceFiles } from './source-files.ts';

const longest = 400;

const checks: Record<string, () => string[]> = {
  format: () => run('oxfmt', '--check', '.'),
  types: () => run('tsc', '-p', '.'),
  lint: () => run('oxlint', '--type-aware'),
  borders: crossings,
  'dead code': () => run('knip'),
  'page size': () => run('size-limit'),
  'longest file': longFiles,
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const began = performance.now();
  const complaints = check();
  console.log(
    `${complaints.length === 0 ? '✓' : '✗'} ${name} (${((performance.now() - began) / 1_000).toFixed(1)} s)`,
  );
  for (const complaint of complaints) console.log(complaint);
  failed += Math.sign(complaints.length);
}
process.exit(failed === 0 ? 0 : 1);

/** What a tool printed, if it failed. */
function run(command: string, ...args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return status === 0 ? [] : [stdout + stderr];
}

function longFiles(): string[] {
  return sourceFiles()
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > longest)
    .map(({ file, lines }) => `${file} has ${lines} lines; split it, ${longest} is the most.`);
}
