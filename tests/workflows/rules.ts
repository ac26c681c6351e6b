/** What the project's workflows keep to, beside the syntax: each rule answers what breaks it, in sentences. */
import { parse } from 'yaml';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  steps?: Step[];
  permissions?: Record<string, string> | string;
  'timeout-minutes'?: number;
  environment?: string;
  env?: Record<string, string>;
}
export interface Workflow {
  permissions?: Record<string, string> | string;
  jobs: Record<string, Job>;
}

/** A workflow's text as data. Throws where it is not YAML. */
export const readWorkflow = (text: string): Workflow => parse(text) as Workflow;

const stepsOf = ({ jobs }: Workflow): [string, Step][] =>
  Object.entries(jobs).flatMap(([name, { steps = [] }]) => steps.map((step): [string, Step] => [name, step]));

/** Actions of others: a full commit hash, and the version that it is in a comment, which Dependabot keeps up to date. */
export function unpinned(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^\s*(- )?uses:/.test(line) && !/uses: \.\//.test(line))
    .filter((line) => !/uses: [\w-]+\/[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line))
    .map((line) => `Pin to a commit hash with the version in a comment: ${line.trim()}`);
}

/** Nothing at all by default but to read; a job that may more says what. */
export function excessive(workflow: Workflow): string[] {
  const complaints: string[] = [];
  if (JSON.stringify(workflow.permissions) !== '{"contents":"read"}') {
    complaints.push('The workflow has to say permissions: contents: read.');
  }
  for (const [name, { permissions = {}, environment }] of Object.entries(workflow.jobs)) {
    const allowed = environment === undefined ? ['contents: read'] : ['contents: read', 'id-token: write'];
    const given =
      typeof permissions === 'string'
        ? [permissions]
        : Object.entries(permissions).map(([scope, level]) => `${scope}: ${level}`);
    for (const each of given) if (!allowed.includes(each)) complaints.push(`${name} may too much: ${each}.`);
  }
  return complaints;
}

/** `npm run NAME`, and `npm test` and its like, exist. */
export function unknownScripts(workflow: Workflow, scripts: Record<string, string>): string[] {
  return stepsOf(workflow)
    .flatMap(([, { run = '' }]) => [...run.matchAll(/npm (?:run ([\w:-]+)|(test|start))/g)])
    .map(([, named, own]) => named ?? own ?? '')
    .filter((name) => !(name in scripts))
    .map((name) => `package.json has no script ${name}.`);
}

/** A job that hangs ends; a checkout leaves no token behind. */
export function careless(workflow: Workflow): string[] {
  const endless = Object.entries(workflow.jobs)
    .filter(([, job]) => job.uses === undefined && job['timeout-minutes'] === undefined)
    .map(([name]) => `${name} has no timeout-minutes.`);
  const leaking = stepsOf(workflow)
    .filter(([, { uses = '' }]) => uses.startsWith('actions/checkout@'))
    .filter(([, step]) => step.with?.['persist-credentials'] !== false)
    .map(([name]) => `The checkout of ${name} keeps its credentials.`);
  return [...endless, ...leaking];
}

/** What somebody else writes (titles, branches, inputs) reaches a shell as a variable only. */
export function injectable(workflow: Workflow): string[] {
  return stepsOf(workflow)
    .filter(([, { run = '' }]) => run.includes('${{'))
    .map(([name]) => `A command of ${name} holds an expression: pass it through env.`);
}
