/**
 * `npm start`: builds, starts every part of Hubbub on this machine, and says where to click. Ctrl-C stops all of
 * it; the data stays in `.hubbub/`. With `--watch` (`npm run dev`) a change of the functions or the page is
 * built and loaded at once.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import { portsFrom } from './stack/ports.ts';
import { PartError } from './stack/process.ts';
import { Stack } from './stack/stack.ts';

const { values } = parseArgs({
  options: { watch: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false } },
});
const color = process.stdout.isTTY === true;
const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
const seconds = (milliseconds: number): string => paint(2, `${(milliseconds / 1_000).toFixed(1)} s`);
const done = (title: string, milliseconds: number): void =>
  console.log(`  ${paint(32, '✓')} ${title.padEnd(20)} ${seconds(milliseconds)}`);

const data = process.env['HUBBUB_DATA'] ?? '.hubbub';
const began = performance.now();
let stack: Stack | undefined;
let builder: ChildProcess | undefined;
let stopping = false;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('exit', () => stack?.kill());

try {
  await start();
} catch (error) {
  // While stopping, a part that ended early is no news.
  if (!stopping) {
    console.error(`\n${error instanceof PartError ? error.message : String((error as Error).stack)}`);
    await stop(1);
  }
}

async function start(): Promise<void> {
  console.log(`\n${paint(1, 'Hubbub')}\n`);
  const ports = portsFrom(process.env);
  if (!values['no-build']) build();
  stack = new Stack({
    ports,
    data,
    watch: values.watch,
    events: {
      started: done,
      line: (part, line) => {
        if (part === 'functions' && values.watch) console.log(paint(2, line));
      },
      lost: (title, how, lastLines) => {
        console.error(
          `\n${title} ${how}:\n${lastLines}\nEverything is stopped now; start again with npm start.`,
        );
        void stop(1);
      },
    },
  });
  await stack.start();
  if (stopping) return;
  if (values.watch) watch();
  console.log(
    `\n  Ready after ${seconds(performance.now() - began)}. Open ${paint(1, `http://localhost:${ports.page}`)}`,
  );
  console.log(`  What the stack is doing: http://localhost:${ports.status}`);
  console.log(
    paint(2, `  API http://localhost:${ports.functions}/api · logs in ${data}/logs · Ctrl-C stops\n`),
  );
}

function build(): void {
  const building = performance.now();
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
  if (status !== 0) throw new PartError('The build failed; the reason stands above.');
  done('Built', performance.now() - building);
}

/** Builds the functions on every change; their host picks them up. The page comes from Vite, which does so itself. */
function watch(): void {
  builder = spawn(process.execPath, ['scripts/build.ts', '--functions', '--watch'], { stdio: 'inherit' });
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  console.log('\nStopping …');
  builder?.kill();
  await stack?.stop();
  console.log(`Stopped. Rooms and messages are kept in ${data}; npm run reset removes them.`);
  process.exit(code);
}
