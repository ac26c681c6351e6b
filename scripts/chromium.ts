/** Finds a Chromium for the browser tests, and installs one where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium, or undefined where only Playwright's own is there. `CHROMIUM_PATH` wins. */
export function findChromium(): string | undefined {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env['CHROMIUM_PATH'] ?? '', ...onPath, ...places].find(
    (path) => path !== '' && existsSync(path),
  );
}

/** Makes sure that there is one: Debian's package where apt can install it, else the one that Playwright downloads. */
export function installChromium(): void {
  if (findChromium() !== undefined) return;
  console.log('Installing Chromium for the browser tests …');
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args: string[]): boolean => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command!, rest, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  };
  if (
    apt('update', '-qq') &&
    apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation')
  )
    return;
  const { status } = spawnSync('playwright', ['install', '--with-deps', 'chromium'], {
    stdio: 'inherit',
    shell: true,
  });
  if (status !== 0) {
    console.error(
      'No Chromium could be installed. Install Chrome or Chromium, or set CHROMIUM_PATH, and run npm test again.',
    );
    process.exit(1);
  }
}
