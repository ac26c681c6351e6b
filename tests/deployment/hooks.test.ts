/** azd's hooks, each run by Node alone, from another folder, with what azd gives them: its environment and its CLI. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeTools } from './fake-tool.ts';

/** azd's environment as far as the hook needs it. */
const azd = `
  const values = fs.existsSync(kept) ? JSON.parse(fs.readFileSync(kept)) : {};
  if (args.join(' ') === 'env get-values --output json') return JSON.stringify(values);
  if (args[0] === 'env' && args[1] === 'set') fs.writeFileSync(kept, JSON.stringify({ ...values, [args[2]]: args[3] }));
  else throw new Error('unknown command');
`;

let tools: FakeTools;
/** What a deployment has of the repository: the hooks and the page, and no node_modules. */
let repository: string;
beforeEach(() => {
  tools = new FakeTools();
  repository = mkdtempSync(join(tmpdir(), 'hubbub-hooks-'));
  cpSync('infra/hooks', join(repository, 'infra/hooks'), { recursive: true });
  cpSync('web/public', join(repository, 'web/public'), { recursive: true });
  writeFileSync(join(repository, 'package.json'), '{"type": "module"}');
});
afterEach(() => {
  tools.remove();
  rmSync(repository, { recursive: true, force: true });
});

const run = (name: string, environment?: Record<string, string>) =>
  tools.run([join(repository, `infra/hooks/${name}.ts`)], environment);

describe('preprovision', () => {
  const set = () => tools.calls().filter(([, , command]) => command === 'set');

  test('makes both secrets once, long enough for the settings', async () => {
    tools.add('azd', azd);
    const first = await run('preprovision');
    expect(first.status).toBe(0);
    const made = set();
    expect(made.map(([, , , name]) => name)).toEqual(['WEBHOOK_CODE', 'SESSION_SIGNING_KEY']);
    expect(made[0]![4]).toMatch(/^[\da-f]{64}$/);
    expect(made[1]![4]).toMatch(/^[\da-f]{96}$/);
    for (const [, , , , value] of made) expect(first.output).not.toContain(value);
    expect((await run('preprovision')).status).toBe(0);
    expect(set()).toEqual(made);
  });

  test('keeps the one that is there', async () => {
    tools.add('azd', azd);
    writeFileSync(join(tools.folder, 'kept.json'), '{"SESSION_SIGNING_KEY": "of-an-older-deployment"}');
    await run('preprovision');
    expect(set().map(([, , , name]) => name)).toEqual(['WEBHOOK_CODE']);
  });

  test.each([
    ['fails', `throw new Error('no environment selected')`, 'no environment selected'],
    ['is not there', undefined, 'ENOENT'],
  ])('makes nothing where azd %s', async (_how, program, complaint) => {
    if (program) tools.add('azd', program);
    const { status, output } = await run('preprovision');
    expect(status).toBe(1);
    expect(output).toContain(complaint);
    expect(set()).toEqual([]);
  });
});

describe('predeploy', () => {
  const outputs = {
    API_URL: 'https://func-hubbub.azurewebsites.net',
    WEB_PUBSUB_HOST: 'wps-hubbub.webpubsub.azure.com',
  };
  const written = (file: string) => JSON.parse(readFileSync(join(repository, 'dist/web', file), 'utf8'));
  const policy = (): Record<string, string> =>
    Object.fromEntries(
      (written('staticwebapp.config.json').globalHeaders['content-security-policy'] as string)
        .split('; ')
        .map((rule) => [rule.split(' ', 1)[0]!, rule.slice(rule.indexOf(' ') + 1)]),
    );
  beforeEach(() => {
    mkdirSync(join(repository, 'dist/web'), { recursive: true });
    writeFileSync(join(repository, 'dist/web/index.html'), '<!doctype html>');
  });

  test('tells the page where the API is, and lets it reach these hosts and no others', async () => {
    expect((await run('predeploy', outputs)).status).toBe(0);
    expect(written('config.json')).toEqual({ api: 'https://func-hubbub.azurewebsites.net/api' });
    expect(policy()['connect-src']).toBe(
      "'self' https://func-hubbub.azurewebsites.net wss://wps-hubbub.webpubsub.azure.com",
    );
  });

  test('leaves every other rule as the local stack has it', async () => {
    await run('predeploy', outputs);
    const source = JSON.parse(readFileSync('web/public/staticwebapp.config.json', 'utf8'));
    const deployed = written('staticwebapp.config.json');
    const { 'connect-src': _hosts, ...others } = policy();
    for (const [rule, value] of Object.entries(others))
      expect(source.globalHeaders['content-security-policy']).toContain(`${rule} ${value}`);
    delete source.globalHeaders['content-security-policy'];
    delete deployed.globalHeaders['content-security-policy'];
    expect(deployed).toEqual(source);
  });

  test('never lets config.json be kept, or be answered by the page', async () => {
    await run('predeploy', outputs);
    const { routes, navigationFallback } = written('staticwebapp.config.json');
    expect(routes).toContainEqual({ route: '/config.json', headers: { 'cache-control': 'no-cache' } });
    expect(navigationFallback.exclude).toContain('/config.json');
  });

  test('lets the page speak to the providers that vouch for people', async () => {
    const issuer = 'https://login.microsoftonline.com/0000/v2.0';
    await run('predeploy', { ...outputs, OIDC_PROVIDERS: JSON.stringify([{ id: 'entra', issuer }]) });
    expect(policy()['connect-src']).toMatch(/ https:\/\/login\.microsoftonline\.com$/);
  });

  test('says the same when it runs again', async () => {
    await run('predeploy', outputs);
    const first = written('staticwebapp.config.json');
    await run('predeploy', outputs);
    expect(written('staticwebapp.config.json')).toEqual(first);
  });

  test.each([
    [{ ...outputs, API_URL: '' }, 'API_URL'],
    [{ ...outputs, API_URL: 'http://func-hubbub.azurewebsites.net' }, 'API_URL'],
    [{ ...outputs, WEB_PUBSUB_HOST: 'a b' }, 'WEB_PUBSUB_HOST'],
  ])('refuses %j', async (wrong, complaint) => {
    const { status, output } = await run('predeploy', wrong);
    expect(status).toBe(1);
    expect(output).toContain(complaint);
  });
});

describe('postdeploy', () => {
  test('waits until API and page answer, and says what they answer meanwhile', async () => {
    const asked: string[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url!);
      // Roles have not spread at the first call.
      response.writeHead(asked.length === 1 ? 503 : 200).end('{"status":"degraded"}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { status, output } = await run('postdeploy', { API_URL: address, WEB_URL: `${address}/` });
    server.close();
    expect(status).toBe(0);
    expect(asked).toEqual(['/api/health', '/api/health', '/config.json']);
    expect(output).toContain('answers 503 {"status":"degraded"}');
    expect(output).toContain(`Hubbub is running: ${address}/`);
  });

  test('gives up in time, and says what to do', async () => {
    const nobody = { API_URL: 'http://127.0.0.1:9', WEB_URL: 'http://127.0.0.1:9', HUBBUB_WAIT_SECONDS: '0' };
    const { status, output } = await run('postdeploy', nobody);
    expect(status).toBe(1);
    expect(output).toContain('http://127.0.0.1:9/api/health does not answer');
    expect(output).toContain('azd deploy');
  });
});
