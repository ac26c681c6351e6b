/**
 * `npm test`: everything that can fail. The checks of `npm run check`, the tests in Node and those in a browser;
 * closes with one line that counts them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { installChromium } from './chromium.ts';

interface Count {
  passed: number;
  failed: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const began = performance.now();
rmSync('test-results', { recursive: true, force: true });
installChromium();

const run = (command: string, env: Record<string, string> = {}): boolean => {
  console.log(`\n> ${command}`);
  return spawnSync(command, { shell: true, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;
};

const counts: Count[] = [];
/** What failed before the browser's tests, whose many lines would hide it. */
const failures: string[] = [];
const check = (command: string): boolean => {
  const passed = run(command);
  counts.push({ passed: Number(passed), failed: Number(!passed) });
  if (!passed) failures.push(`  ${command}`);
  return passed;
};

if (check('node scripts/build.ts')) {
  check('node scripts/check.ts');
  counts.push(vitest(), playwright());
}

const total = counts.reduce((sum, { passed, failed }) => ({
  passed: sum.passed + passed,
  failed: sum.failed + failed,
}));
if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`);
console.log(`\nTook ${Math.round((performance.now() - began) / 1_000)} s`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function vitest(): Count {
  const file = 'test-results/vitest.json';
  const succeeded = run(`vitest run --reporter=default --reporter=json --outputFile.json=${file}`);
  const report = read<VitestReport>(file);
  for (const { name, message, assertionResults } of report?.testResults ?? []) {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    for (const test of failed)
      failures.push(`  ${name}: ${test.fullName}\n    ${test.failureMessages.join('\n    ')}`);
    // A file that could not be run has a message and no tests.
    if (message && failed.length === 0) failures.push(`  ${name}\n    ${message}`);
  }
  return judge(succeeded, { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 });
}

function playwright(): Count {
  const file = 'test-results/playwright.json';
  const succeeded = run('playwright test --reporter=list,json', { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const report = read<{ stats: { expected: number; unexpected: number; flaky: number } }>(file);
  const { expected = 0, unexpected = 0, flaky = 0 } = report?.stats ?? {};
  return judge(succeeded, { passed: expected, failed: unexpected + flaky });
}

/** A runner that failed without a failed test (it crashed, it found none) counts as one failure. */
function judge(succeeded: boolean, count: Count): Count {
  const silent = count.failed === 0 && (!succeeded || count.passed === 0);
  return silent ? { ...count, failed: 1 } : count;
}

function read<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}
