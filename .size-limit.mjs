/** What a browser loads before it shows anything: the page, and every script and style sheet that the page names. */
import { readFileSync } from 'node:fs';

const page = readFileSync('dist/web/index.html', 'utf8');
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => `dist/web/${path}`);

export default [
  { name: 'First load of the page', path: ['dist/web/index.html', ...named], limit: '170 kB', gzip: true },
];
