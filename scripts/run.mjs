/**
 * Runs a program of the project on the project's own Node, after installing what is missing. Plain JavaScript
 * without dependencies, because it is all that works on a fresh clone: `node scripts/run.mjs local/start.ts`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import process from 'node:process';

const root = resolve(import.meta.dirname, '..');
const node = join(root, 'node_modules/node/bin/node');
const stamp = join(root, 'node_modules/.hubbub-installed');

process.chdir(root);
installWhatIsMissing();
runProgram(process.argv.slice(2));

/** `npm ci`, unless what the lock file says is installed already. */
function installWhatIsMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (installed === wanted && existsSync(node)) return;
  const began = Date.now();
  console.log('Installing dependencies (the first time this takes a minute or two) …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { status } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('npm ci failed. Is the npm registry reachable? Run the command again when it is.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
  console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s`);
}

/** Hands signals on and ends as the program ends. */
function runProgram(args) {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  // The terminal sends Ctrl-C to the child, too; this process only has to outlive it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
