/** `npm run deploy:az` with stand-ins for `az`, `npx` and the build: which commands it runs, in which order. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeCertificate } from '../../local/tls/certificate.ts';
import { FakeTools } from './fake-tool.ts';

const token = 'deployment-token-of-the-test';
let tools: FakeTools;
let folder: string;
let trusted: string;
/** What was deployed: answers 200 to everything. */
let server: ReturnType<typeof createServer>;
let address: string;

beforeAll(async () => {
  const certificate = await makeCertificate();
  trusted = join(mkdtempSync(join(tmpdir(), 'hubbub-trusted-')), 'cert.pem');
  writeFileSync(trusted, certificate.cert);
  server = createServer(certificate, (_request, response) => response.end('{}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

beforeEach(() => {
  tools = new FakeTools();
  tools.add(
    'az',
    `if (args.includes('show')) return fs.readFileSync(kept);
     if (args.includes('secrets')) return '${token}\\n';
     if (args.includes('config-zip')) return 'az says: deployed\\n';
     throw new Error('unknown command');`,
  );
  tools.add('npx', `if (process.env.SWA_CLI_DEPLOYMENT_TOKEN !== '${token}') throw new Error('no token');`);
  outputs();
  folder = mkdtempSync(join(tmpdir(), 'hubbub-deploy-'));
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(
    join(folder, 'scripts/build.ts'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
     for (const at of ['dist/package', 'dist/web']) mkdirSync(at, { recursive: true });
     writeFileSync('dist/package/index.cjs', 'built');
     writeFileSync('dist/web/config.json', '{"api": "of the build"}');`,
  );
});
afterEach(() => {
  tools.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What `az deployment sub show` answers; Resource Manager changes the case of names. */
function outputs(changes: Record<string, string | undefined> = {}): void {
  const values = {
    apI_URL: address,
    weB_URL: address,
    weB_PUBSUB_HOST: 'wps-hubbub.webpubsub.azure.com',
    resourcE_GROUP: 'rg-hubbub',
    functioN_APP_NAME: 'func-hubbub',
    statiC_WEB_APP_NAME: 'stapp-hubbub',
    ...changes,
  };
  const shaped = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, { type: 'String', value }]);
  writeFileSync(join(tools.folder, 'kept.json'), JSON.stringify(Object.fromEntries(shaped)));
}

const run = (...args: string[]) =>
  tools.run([resolve('scripts/deploy-az.ts'), ...args], { NODE_EXTRA_CA_CERTS: trusted }, folder);

test('reads the outputs, builds, uploads both, and waits until they answer', async () => {
  const { status, output } = await run('--deployment', 'mine', '--subscription', 'sub-1');
  expect({ status, output }).toMatchObject({ status: 0 });
  expect(tools.calls().map((call) => call.join(' '))).toEqual([
    'az deployment sub show --name mine --query properties.outputs --output json --subscription sub-1',
    'az functionapp deployment source config-zip --src dist/package.zip --resource-group rg-hubbub ' +
      '--name func-hubbub --subscription sub-1',
    'az staticwebapp secrets list --name stapp-hubbub --resource-group rg-hubbub --query properties.apiKey ' +
      '--output tsv --subscription sub-1',
    'npx --yes @azure/static-web-apps-cli@2 deploy dist/web --env production',
  ]);
  const files = unzipSync(readFileSync(join(folder, 'dist/package.zip')));
  expect(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
    ['index.cjs', 'built'],
  ]);
  expect(JSON.parse(readFileSync(join(folder, 'dist/web/config.json'), 'utf8'))).toEqual({
    api: `${address}/api`,
  });
  expect(readFileSync(join(folder, 'dist/web/staticwebapp.config.json'), 'utf8')).toContain(
    'wss://wps-hubbub.webpubsub.azure.com',
  );
  expect(output).toContain(`Hubbub is running: ${address}`);
  expect(output).not.toContain(token);
});

test('prints each command before what it says', async () => {
  const { output } = await run();
  const printed = output.indexOf('$ az functionapp deployment source config-zip');
  expect(printed).toBeGreaterThan(0);
  expect(output.indexOf('az says: deployed')).toBeGreaterThan(printed);
});

test('with --dry-run changes nothing, here or in Azure', async () => {
  const { status, output } = await run('--dry-run');
  expect(status).toBe(0);
  expect(tools.calls().map((call) => call.slice(0, 4))).toEqual([['az', 'deployment', 'sub', 'show']]);
  expect(readdirSync(folder)).toEqual(['scripts']);
  for (const command of ['node scripts/build.ts', 'az functionapp', 'az staticwebapp', 'npx --yes'])
    expect(output).toContain(`$ ${command}`);
});

test('stops at the first command that fails, and says so', async () => {
  tools.add(
    'az',
    `if (args.includes('show')) return fs.readFileSync(kept); throw new Error('BlobUploadFailed');`,
  );
  const { status, output } = await run();
  expect(status).toBe(1);
  expect(output).toContain('BlobUploadFailed');
  expect(output).toContain('nothing after it was done');
  expect(tools.calls()).toHaveLength(2);
});

test.each([
  ['functioN_APP_NAME', 'FUNCTION_APP_NAME'],
  ['apI_URL', 'API_URL'],
])('names the output that is missing: %s', async (missing, name) => {
  outputs({ [missing]: undefined });
  const { status, output } = await run();
  expect(status).toBe(1);
  expect(output).toContain(name);
  expect(tools.calls()).toHaveLength(1);
});

test('says what to install where az is missing', async () => {
  rmSync(join(tools.folder, 'az'));
  const { status, output } = await run();
  expect(status).toBe(1);
  expect(output).toContain('az cannot be run');
});
