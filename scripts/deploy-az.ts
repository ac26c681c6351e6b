/**
 * `npm run deploy:az -- --deployment NAME`: puts functions and page where `az deployment sub create --name NAME` made
 * room for them, with the Azure CLI alone. Prints each command before it runs; with `--dry-run` it only reads the
 * deployment's outputs and prints the rest. Asks nothing: `az login` comes first.
 *
 * For Flex Consumption the Functions team names `az functionapp deployment source config-zip`, without a remote build
 * (github.com/Azure/Azure-Functions/issues/2496). Azure CLI has no command that uploads a static web app, so the page
 * goes by `swa deploy` (https://azure.github.io/static-web-apps-cli/docs/cli/swa-deploy), which npx brings, with the
 * app's own token. None of it was run against Azure.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { untilAnswering } from '../infra/hooks/answering.ts';
import { deployedAddresses, writePageFiles } from '../infra/hooks/page-files.ts';
import { zipFolder } from './zip.ts';

const { values: options } = parseArgs({
  options: {
    deployment: { type: 'string', default: 'hubbub' },
    subscription: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    /** How long to wait at the end until it answers; roles of a first deployment take minutes to spread. */
    'wait-seconds': { type: 'string', default: '600' },
  },
});
const dryRun = options['dry-run'];
const zip = 'dist/package.zip';

try {
  await deploy();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function deploy(): Promise<void> {
  const show = ['deployment', 'sub', 'show', '--name', options.deployment];
  const outputs = readOutputs(read('az', [...show, '--query', 'properties.outputs', '--output', 'json']));
  const addresses = deployedAddresses({ OIDC_PROVIDERS: process.env['OIDC_PROVIDERS'], ...outputs });
  const group = required(outputs, 'RESOURCE_GROUP');
  const functionApp = required(outputs, 'FUNCTION_APP_NAME');
  const staticWebApp = required(outputs, 'STATIC_WEB_APP_NAME');
  const page = required(outputs, 'WEB_URL').replace(/\/+$/, '');

  run(process.execPath, ['scripts/build.ts']);
  step(`write ${zip} and the page's addresses (${addresses.api}, ${addresses.webPubSub})`, () => {
    writeFileSync(zip, zipFolder('dist/package'));
    writePageFiles('dist/web', addresses);
  });
  const upload = ['functionapp', 'deployment', 'source', 'config-zip', '--src', zip];
  run('az', [...upload, '--resource-group', group, '--name', functionApp]);

  const secrets = ['staticwebapp', 'secrets', 'list', '--name', staticWebApp, '--resource-group', group];
  const tokenCall = [...secrets, '--query', 'properties.apiKey', '--output', 'tsv'];
  const token = dryRun ? announce('az', tokenCall) : read('az', tokenCall).trim();
  // The token goes by the environment, where neither the terminal nor a list of processes shows it.
  run('npx', ['--yes', '@azure/static-web-apps-cli@2', 'deploy', 'dist/web', '--env', 'production'], {
    SWA_CLI_DEPLOYMENT_TOKEN: token,
  });
  if (dryRun) return;
  const deadline = Date.now() + Number(options['wait-seconds']) * 1_000;
  const complaint = await untilAnswering([`${addresses.api}/health`, `${page}/config.json`], deadline);
  if (complaint !== undefined)
    throw new Error(`${complaint}\nDeployed, but it does not answer yet. See docs/deploy.md.`);
  console.log(`Hubbub is running: ${page}`);
}

/** Prints a command as a person would type it. */
function announce(command: string, args: string[]): string {
  const name = command === process.execPath ? 'node' : command;
  console.log(`$ ${[name, ...withSubscription(command, args)].map(quoted).join(' ')}`);
  return '';
}

function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word}'`;
}

function withSubscription(command: string, args: string[]): string[] {
  return command === 'az' && options.subscription ? [...args, '--subscription', options.subscription] : args;
}

function step(what: string, work: () => void): void {
  console.log(`# ${what}`);
  if (!dryRun) work();
}

/** Runs a command that changes something; its output is the person's to read. */
function run(command: string, args: string[], environment: Record<string, string> = {}): void {
  announce(command, args);
  if (!dryRun) call(command, args, { environment, output: 'inherit' });
}

/** Runs a command that only reads, and answers what it printed. */
function read(command: string, args: string[]): string {
  announce(command, args);
  return call(command, args, { environment: {}, output: 'pipe' });
}

function call(
  command: string,
  args: string[],
  { environment, output }: { environment: Record<string, string>; output: 'inherit' | 'pipe' },
): string {
  const { status, stdout, error } = spawnSync(command, withSubscription(command, args), {
    encoding: 'utf8',
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, ...environment },
    // az and npx are scripts there.
    shell: process.platform === 'win32',
  });
  if (error) throw new Error(`${command} cannot be run: ${error.message}. Is it installed?`);
  if (status !== 0)
    throw new Error(`${command} ended with ${status}; nothing after it was done. Run this again.`);
  return stdout ?? '';
}

/** Outputs by their names in capitals: Resource Manager does not keep the case and may answer `apI_URL`. */
function readOutputs(text: string): Record<string, string> {
  const outputs = JSON.parse(text || 'null') as Record<string, { value: unknown }> | null;
  if (!outputs) throw new Error(`Deployment ${options.deployment} has no outputs. Did it succeed?`);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value }]) => [name.toUpperCase(), String(value)]),
  );
}

function required(outputs: Record<string, string>, name: string): string {
  const value = outputs[name];
  if (!value) throw new Error(`Deployment ${options.deployment} puts out no ${name}.`);
  return value;
}
