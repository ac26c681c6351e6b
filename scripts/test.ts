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

interface PlaywrightSuite {
  file: string;
  specs?: { title: string; tests: { status: string }[] }[];
  suites?: PlaywrightSuite[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
  suites: PlaywrightSuite[];
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
/** Tests in the browser that failed once and then passed. */
const retried: string[] = [];
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
if (retried.length > 0) console.log(`\nPassed at the second try:\n${retried.join('\n')}`);
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
  const report = read<PlaywrightReport>(file);
  const { expected = 0, unexpected = 0, flaky = 0 } = report?.stats ?? {};
  for (const suite of report?.suites ?? []) retried.push(...flakyIn(suite));
  return judge(succeeded, { passed: expected + flaky, failed: unexpected });
}

function flakyIn({ file, specs = [], suites = [] }: PlaywrightSuite): string[] {
  const own = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'));
  return [...own.map(({ title }) => `  ${file}: ${title}`), ...suites.flatMap(flakyIn)];
}

/** A runner that failed without a failed test (it crashed, it found none) counts as one failure. */
function judge(succeeded: boolean, count: Count): Count {
  const silent = count.failed === 0 && (!succeeded || count.passed === 0);
  return silent ? { ...count, failed: 1 } : count;
}

function read<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}
