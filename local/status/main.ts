/**
 * `node local/status/main.ts`: serves the status page and `/status.json`. It knows the programs' addresses and
 * nothing else of them.
 */
import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askAll } from './programs.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4290' },
    functions: { type: 'string', default: 'http://localhost:7071' },
    'service-bus': { type: 'string', default: 'http://localhost:5300' },
    'web-pubsub': { type: 'string', default: 'http://localhost:8080' },
  },
});
const addresses = {
  functions: values.functions,
  serviceBus: values['service-bus'],
  webPubSub: values['web-pubsub'],
};
for (const [name, address] of Object.entries(addresses)) {
  if (URL.canParse(address)) continue;
  console.error(`The address of ${name} is ${address}; give one like http://localhost:7071.`);
  process.exit(1);
}

const pageFile = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url));
const [script] = buildSync({
  entryPoints: [fileURLToPath(new URL('./page/main.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  write: false,
}).outputFiles;
const files: Record<string, { type: string; content: string }> = {
  '/': { type: 'text/html; charset=utf-8', content: readFileSync(pageFile('index.html'), 'utf8') },
  '/style.css': { type: 'text/css; charset=utf-8', content: readFileSync(pageFile('style.css'), 'utf8') },
  '/icon.svg': { type: 'image/svg+xml', content: readFileSync(pageFile('icon.svg'), 'utf8') },
  '/main.js': { type: 'text/javascript; charset=utf-8', content: script!.text },
};

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = files[pathname];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end();
  } else if (file) {
    response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.content);
  } else if (pathname === '/status.json') {
    void askAll(addresses).then((answers) => {
      response
        .writeHead(200, { ...headers, 'content-type': 'application/json' })
        .end(JSON.stringify(answers));
    });
  } else {
    response.writeHead(404, headers).end('Not found');
  }
});

server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE' ? `Port ${values.port} is taken; choose another with --port.` : error.message,
  );
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1', () =>
  console.log(`Status page on http://localhost:${values.port}`),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
