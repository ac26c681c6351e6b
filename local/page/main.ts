/**
 * Serves the built page as Azure Static Web Apps does: files, the fallback to index.html and the headers that
 * `staticwebapp.config.json` names. Files of `--overlay` go before those of `--root`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sirv from 'sirv';

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: 'dist/web' },
    port: { type: 'string', default: '4280' },
    overlay: { type: 'string' },
  },
});

const folders = [...(values.overlay === undefined ? [] : [values.overlay]), values.root];
const headersFile = folders.map((folder) => join(folder, 'staticwebapp.config.json')).find(existsSync);
const { globalHeaders = {} } = (
  headersFile === undefined ? {} : JSON.parse(readFileSync(headersFile, 'utf8'))
) as {
  globalHeaders?: Record<string, string>;
};

const handlers = folders.map((folder, index) =>
  // Only the last folder falls back to index.html, or the overlay would hide the page.
  sirv(folder, { single: index === folders.length - 1, dev: true, etag: true }),
);

const server = createServer((request, response) => {
  for (const [name, value] of Object.entries(globalHeaders)) response.setHeader(name, value);
  const serve = (index: number): void => {
    const handler = handlers[index];
    if (handler) handler(request, response, () => serve(index + 1));
    else response.writeHead(404).end('Not found');
  };
  serve(0);
});

server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE' ? `Port ${values.port} is taken; choose another with --port.` : error.message,
  );
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1', () => console.log(`Page on http://localhost:${values.port}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
