/**
 * `npm run bench`: measures Hubbub beside its peers on this machine and prints tables in Markdown.
 * `npm run bench -- delivery path` runs these sections alone; `--quick` takes small sizes, to try whether it works.
 */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Section } from './section.ts';
import { coldStart } from './sections/cold-start.ts';
import { crowd } from './sections/crowd.ts';
import { delivery } from './sections/delivery.ts';
import { growth } from './sections/growth.ts';
import { page } from './sections/page.ts';
import { path } from './sections/path.ts';
import { publish } from './sections/publish.ts';
import { toMarkdown } from './table.ts';

const sections: Record<string, Section> = {
  delivery,
  path,
  publish,
  crowd,
  growth,
  page,
  'cold-start': coldStart,
};

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
// A signal alone would leave the servers running: they are ended as the process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const wanted = positionals.length > 0 ? positionals : Object.keys(sections);
const unknown = wanted.filter((name) => !(name in sections));
if (unknown.length > 0) {
  console.error(`No section ${unknown.join(', ')}. There are ${Object.keys(sections).join(', ')}.`);
  process.exit(1);
}

const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
const memory = Math.round(totalmem() / 2 ** 30);
console.log(
  `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ` +
    `${memory} GiB, Node ${process.version}${values.quick ? ', quick: the numbers mean nothing' : ''}\n`,
);
for (const name of wanted) {
  const say = (what: string): void => console.error(`${name}: ${what}`);
  for (const table of await sections[name]!({ quick: values.quick, say })) console.log(toMarkdown(table));
}
// Kept connections would hold the process.
process.exit(0);
