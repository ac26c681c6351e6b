/** How an app is loaded, what its hooks see, and what becomes of one that cannot be loaded. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import {
  appCode,
  appFolder,
  startHost,
  temporaryApp,
  type RunningHost,
  type TemporaryApp,
} from './running-host.ts';

let host: RunningHost | undefined;
let app: TemporaryApp | undefined;
afterEach(async () => {
  await host?.stop();
  app?.remove();
  host = app = undefined;
});

describe('an app of modules', () => {
  let shared: RunningHost;
  beforeAll(async () => {
    shared = await startHost(appFolder('module'));
  });
  afterAll(() => shared.stop());

  it('is loaded from every file that its main names, and its hooks run around each invocation', async () => {
    expect(await (await fetch(`${shared.url}/api/first`)).text()).toBe('first');
    const answer = await fetch(`${shared.url}/api/hooked`);
    expect(await answer.json()).toEqual(['appStart', 'preInvocation', 'postInvocation 1', 'preInvocation']);
  });

  it('may replace the handler and take an error away in its hooks', async () => {
    expect((await fetch(`${shared.url}/api/hooked?refuse`)).status).toBe(403);
  });

  it('may change what is logged, which is shown as the levels in host.json say', async () => {
    await fetch(`${shared.url}/api/hooked`);
    await until(() => /my \*{6}[^]*a line of detail/.test(shared.output()));
    expect(shared.output()).not.toContain('my secret');
  });

  it('runs its appTerminate hooks before the host ends', async () => {
    const running = await startHost(appFolder('module'));
    expect(await running.stop()).toBe(0);
    expect(running.output()).toContain('The app says good-bye.');
  });
});

describe('an app that cannot be loaded', () => {
  const refusal = /Worker was unable to load entry point "index\.cjs": /;

  it('is answered for with 503, and the reason is shown', async () => {
    app = temporaryApp({ 'index.cjs': 'throw new Error("Not today");' });
    host = await startHost(app.folder);
    expect(host.output()).toMatch(refusal);
    expect(host.output()).toContain('Not today');
    const answer = await fetch(`${host.url}/api/anything`);
    expect([answer.status, await answer.text()]).toEqual([503, 'Function host is not running.']);
    const status = (await (await fetch(`${host.url}/admin/host/status`)).json()) as { state: string };
    expect(status.state).toBe('Error');
  });

  it('is named where its file does not exist', async () => {
    app = temporaryApp({});
    host = await startHost(app.folder);
    expect(host.output()).toMatch(/unable to load entry point "index\.cjs": File does not exist/);
  });

  it('does not take two functions of one name', async () => {
    app = temporaryApp({
      'index.cjs': appCode("app.http('twice', { handler() {} });\napp.http('twice', { handler() {} });"),
    });
    host = await startHost(app.folder);
    expect(host.output()).toContain('A function with id "twice" has already been registered.');
  });
});

describe('a function that this host cannot serve', () => {
  it('is named with the reason, and the others are served', async () => {
    app = temporaryApp({
      'index.cjs': appCode(`
        app.cosmosDB('changes', { connection: 'X', databaseName: 'd', containerName: 'c', handler() {} });
        app.timer('often', { schedule: 'now and then', handler() {} });
        app.timer('unset', { schedule: '%NOWHERE%', handler() {} });
        app.http('odd', { route: 'x/{id:prime}', handler() {} });
        app.serviceBusQueue('queue', { connection: 'Nowhere', queueName: 'q', handler() {} });
        app.http('fine', { handler: () => ({ body: 'fine' }) });`),
    });
    host = await startHost(app.folder);
    const output = host.output;
    expect(output()).toMatch(/The 'changes' function is in error: .*'cosmosDBTrigger'/);
    expect(output()).toMatch(/The 'often' function is in error: the schedule 'now and then' cannot be read/);
    expect(output()).toMatch(/The 'unset' function is in error: '%NOWHERE%' does not resolve to a value\./);
    expect(output()).toMatch(/The 'odd' function is in error: The route constraint 'prime' does not exist\./);
    expect(output()).toMatch(/The 'queue' function is in error: .*'Nowhere' is missing or empty\./);
    expect(await (await fetch(`${host.url}/api/fine`)).text()).toBe('fine');
  });
});

it('a function may be named or disabled by app settings', async () => {
  app = temporaryApp({
    'settings.json': JSON.stringify({
      Values: { PLACE: 'here', 'AzureWebJobs.off.Disabled': 'true', SKIPPED: null, OUTER: 'file' },
    }),
    'index.cjs': appCode(`
      app.http('on', { route: '%PLACE%', handler: () => ({ body: process.env.OUTER }) });
      app.http('off', { handler: () => ({ body: 'off' }) });`),
  });
  host = await startHost(app.folder, {
    args: ['--settings', `${app.folder}/settings.json`],
    env: { OUTER: 'environment' },
  });
  expect(await (await fetch(`${host.url}/api/here`)).text()).toBe('environment');
  expect((await fetch(`${host.url}/api/off`)).status).toBe(404);
  expect(host.output()).toContain('Skipping setting "SKIPPED"');
});
