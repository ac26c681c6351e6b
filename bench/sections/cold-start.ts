/**
 * From the start of a process to its first answer: the package as it is uploaded, beside the same code as it would be
 * without a bundler, one file for each source and the packages of `node_modules`. Without Node's compile cache, which
 * a new instance does not have.
 */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { zipFolder } from '../../scripts/zip.ts';
import { freePort } from '../../tests/support/ports.ts';
import { usageOf } from '../processes/usage.ts';
import { median, quantile } from '../quantiles.ts';
import type { Run } from '../section.ts';
import { digits, ratio, type Table } from '../table.ts';

interface App {
  title: string;
  folder: string;
  /** What its first request is. */
  path: string;
  starts: Start[];
}

/** Milliseconds to the answer, and of the processors, which other load on the machine changes less. */
interface Start {
  took: number;
  cpu: number;
}

export async function coldStart({ quick, say }: Run): Promise<Table[]> {
  const rounds = quick ? 2 : 15;
  const place = mkdtempSync(join(tmpdir(), 'hubbub-cold-start-'));
  const apps: App[] = [
    { title: 'dist/package', folder: resolve('dist/package'), path: '/api/rooms', starts: [] },
    { title: 'unbundled', folder: unbundled(place), path: '/api/rooms', starts: [] },
    { title: 'an app of one empty function', folder: emptyApp(place), path: '/api/empty', starts: [] },
  ];
  // The first round warms the disk's cache, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    for (const app of apps) {
      const start = await startOnce(app);
      if (round > 0) app.starts.push(start);
    }
  }
  rmSync(place, { recursive: true });
  const measured = apps.map(({ title, starts }) => ({
    title,
    took: median(starts.map(({ took }) => took)),
    slow: quantile(
      starts.map(({ took }) => took),
      0.9,
    ),
    cpu: median(starts.map(({ cpu }) => cpu)),
  }));
  const [, base, empty] = measured as [unknown, (typeof measured)[0], (typeof measured)[0]];
  return [
    {
      title: 'cold-start: from the start of the process to the first answer',
      head: [
        'app',
        'p50 ms',
        'to unbundled',
        'p90 ms',
        'CPU ms',
        'to unbundled',
        'CPU above the empty app',
        'to unbundled',
      ],
      rows: measured.map(({ title, took, slow, cpu }) => [
        title,
        took,
        ratio(took, base.took),
        slow,
        cpu,
        ratio(cpu, base.cpu),
        cpu - empty.cpu,
        ratio(cpu - empty.cpu, base.cpu - empty.cpu),
      ]),
      notes: [
        `${rounds} starts of each by turns, on the local functions host; CPU is of host and app together. The first answer is a 401 to a request without a ` +
          `token, so no other service takes part. The package is ${digits(zipFolder('dist/package').byteLength / 1024)} KiB zipped.`,
      ],
    },
  ];
}

/** Starts the host on an app, asks once, and ends it. */
async function startOnce({ folder, path }: App): Promise<Start> {
  const port = await freePort();
  const main = ['local/functions-host/main.ts', '--script-root', folder, '--port', String(port)];
  const began = performance.now();
  const child = spawn(process.execPath, [...main, '--settings', 'local.settings.sample.json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  const killIt = (): void => void child.kill('SIGKILL');
  process.once('exit', killIt);
  const ended = new Promise((done) => child.once('exit', done));
  await new Promise<void>((done, fail) => {
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Functions host ready')) done();
    });
    void ended.then(() => fail(new Error(`The host ended: ${said}`)));
  });
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.arrayBuffer();
  const took = performance.now() - began;
  const { cpuMilliseconds: cpu } = usageOf(child.pid!);
  if (response.status !== 401 && !response.ok) throw new Error(`${path} answered ${response.status}`);
  killIt();
  await ended;
  process.off('exit', killIt);
  return { took, cpu };
}

/** The functions as the compiler alone leaves them. */
function unbundled(place: string): string {
  const folder = join(place, 'unbundled');
  const project = join(place, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions: { noEmit: false, noCheck: true, types: [], outDir: folder, rootDir: resolve('.') },
      include: [],
      files: [resolve('functions/index.ts')],
    }),
  );
  execFileSync('tsc', ['-p', project], { stdio: 'inherit' });
  copyFileSync('host.json', join(folder, 'host.json'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "main": "functions/index.js"}');
  return folder;
}

function emptyApp(place: string): string {
  const folder = join(place, 'empty');
  mkdirSync(folder);
  copyFileSync('host.json', join(folder, 'host.json'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"main": "index.cjs"}');
  writeFileSync(
    join(folder, 'index.cjs'),
    `require('@azure/functions').app.http('empty', { authLevel: 'anonymous', handler: () => ({ status: 200 }) });`,
  );
  return folder;
}
