/** Crashes, time limits, reloads and ends: the app may fall, the host stands, and nothing is left behind. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { appCode, startHost, temporaryApp, type RunningHost, type TemporaryApp } from './running-host.ts';

let host: RunningHost | undefined;
let app: TemporaryApp | undefined;
afterEach(async () => {
  host?.signal('SIGKILL');
  await host?.ended;
  app?.remove();
  host = app = undefined;
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const code = appCode(`
  app.http('pid', { handler: () => ({ body: String(process.pid) }) });
  app.http('crash', { handler: async () => { setTimeout(() => { throw new Error('Fallen'); }); await new Promise(() => {}); } });
  app.http('exit', { handler: () => process.exit(7) });
  app.http('hang', { handler: () => new Promise(() => {}) });
  app.http('busy', { handler: () => { require('node:fs').writeFileSync(__dirname + '/busy', ''); for (;;); } });
`);

async function start(files: Record<string, string> = {}, args: string[] = []): Promise<RunningHost> {
  app = temporaryApp({ 'index.cjs': code, ...files });
  host = await startHost(app.folder, { args });
  return host;
}

const text = async (running: RunningHost, path: string): Promise<string> => {
  const answer = await fetch(`${running.url}/api/${path}`);
  return answer.status === 200 ? answer.text() : Promise.reject(new Error(String(answer.status)));
};

describe('a crash of the app', () => {
  it.each(['crash', 'exit'])('answers what is under way with 500 and is a restart (%s)', async (name) => {
    const running = await start();
    const before = await text(running, 'pid');
    const [hanging, falling] = await Promise.all([
      fetch(`${running.url}/api/hang`),
      fetch(`${running.url}/api/${name}`),
    ]);
    expect([hanging.status, falling.status]).toEqual([500, 500]);
    const after = await until(() => text(running, 'pid'), { what: 'the app to be back' });
    expect(after).not.toBe(before);
    expect(isAlive(Number(before))).toBe(false);
  });

  it('while it loads again is answered for with 503, and no caller is left waiting', async () => {
    // The second load waits until it is let go.
    const gate = await startGate();
    const running = await start({
      'index.mjs': `
        import { existsSync, writeFileSync } from 'node:fs';
        const mark = import.meta.dirname + '/mark';
        if (existsSync(mark)) await fetch('${gate.url}');
        else writeFileSync(mark, '');
        await import('./index.cjs');`,
      'package.json': '{"main":"index.mjs"}',
    });
    expect((await fetch(`${running.url}/api/exit`)).status).toBe(500);
    await until(() => gate.waiting.length === 1);
    expect((await fetch(`${running.url}/api/pid`)).status).toBe(503);
    gate.open();
    await until(() => text(running, 'pid'));
    gate.server.close();
  });

  it('at its start is tried again until it stands', async () => {
    const running = await start({
      'index.cjs': `
        const { existsSync, writeFileSync } = require('node:fs');
        const mark = __dirname + '/mark';
        if (!existsSync(mark)) { writeFileSync(mark, ''); process.exit(3); }
        ${code}`,
    });
    await until(() => text(running, 'pid'), { what: 'the app to start in the end' });
    expect(running.output()).toContain('The process of the app ended (code 3).');
  });
});

it('a function that runs longer than functionTimeout fails, and the app is restarted', async () => {
  const running = await start({
    'host.json': '{"version":"2.0","functionTimeout":"00:00:01"}',
  });
  const before = await text(running, 'pid');
  const answer = await fetch(`${running.url}/api/busy`);
  expect(answer.status).toBe(500);
  expect(running.output()).toContain("exceeded by function 'Functions.busy'");
  expect(await until(() => text(running, 'pid'))).not.toBe(before);
});

describe('an end of the host', () => {
  it.each(['idle', 'busy'])('by SIGKILL leaves no process behind (%s)', async (name) => {
    const running = await start();
    const pid = Number(await text(running, 'pid'));
    if (name === 'busy') {
      // It does not answer any more, and must end all the same.
      void fetch(`${running.url}/api/busy`).catch(() => undefined);
      await until(() => existsSync(`${app?.folder}/busy`));
    }
    running.signal('SIGKILL');
    await running.ended;
    await until(() => !isAlive(pid), { what: 'the app to end' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s is clean', async (signal) => {
    const running = await start();
    const pid = Number(await text(running, 'pid'));
    running.signal(signal);
    expect(await running.ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it('by Ctrl-C, which reaches the app as well, is clean', async () => {
    const running = await start();
    process.kill(Number(await text(running, 'pid')), 'SIGINT');
    running.signal('SIGINT');
    expect(await running.ended).toBe(0);
  });

  it('lets what is under way finish', async () => {
    const gate = await startGate();
    const running = await start({
      'index.cjs': appCode(`
        app.http('wait', { handler: async () => ({ body: await (await fetch('${gate.url}')).text() }) });`),
    });
    const answer = fetch(`${running.url}/api/wait`);
    await until(() => gate.waiting.length === 1);
    running.signal('SIGTERM');
    // It takes no more requests: from here on it is stopping.
    await until(() =>
      fetch(`${running.url}/admin/host/ping`).then(
        () => false,
        () => true,
      ),
    );
    gate.open();
    expect(await (await answer).text()).toBe('open');
    expect(await running.ended).toBe(0);
    gate.server.close();
  });
});

it('no more HTTP invocations run at a time than --http-concurrency says; the others wait their turn', async () => {
  const gate = await startGate();
  const running = await start(
    {
      'index.cjs': appCode(`
        app.http('wait', { handler: async () => ({ body: await (await fetch('${gate.url}')).text() }) });`),
    },
    ['--http-concurrency', '2'],
  );
  const answers = Array.from({ length: 5 }, () => fetch(`${running.url}/api/wait`));
  let passed = 0;
  while (passed < 5) {
    const expected = Math.min(2, 5 - passed);
    // oxlint-disable-next-line no-await-in-loop
    await until(() => gate.waiting.length === expected);
    passed += expected;
    gate.open();
  }
  expect(gate.most).toBe(2);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  gate.server.close();
});

describe('--watch', () => {
  const version = (number: number): string =>
    appCode(`app.http('version', { handler: () => ({ body: '${number}' }) });`);

  it('loads the app again when it changes, without a moment in which nobody answers', async () => {
    const running = await start({ 'index.cjs': version(1) }, ['--watch']);
    expect(await text(running, 'version')).toBe('1');
    app?.write('index.cjs', version(2));
    // Every answer meanwhile is a good one, or `text` would reject and end the test.
    let last = '1';
    while (last !== '2') last = await text(running, 'version');
  });

  it('keeps the old app where the new one cannot be loaded, until it can', async () => {
    const running = await start({ 'index.cjs': version(1) }, ['--watch']);
    app?.write('index.cjs', 'this is not JavaScript');
    await until(() => running.output().includes('unable to load entry point'));
    expect(await text(running, 'version')).toBe('1');
    app?.write('index.cjs', version(3));
    await until(async () => (await text(running, 'version')) === '3');
  });

  it('sees a folder that a build has removed and made again', async () => {
    const running = await start({ 'index.cjs': version(1) }, ['--watch']);
    const folder = app?.folder ?? '';
    renameSync(folder, `${folder}-old`);
    cpSync(`${folder}-old`, folder, { recursive: true, verbatimSymlinks: true });
    rmSync(`${folder}-old`, { recursive: true });
    app?.write('index.cjs', version(2));
    await until(async () => (await text(running, 'version')) === '2');
    app?.write('index.cjs', version(3));
    await until(async () => (await text(running, 'version')) === '3');
  });

  it('serves what the new app has, and no more what it has not', async () => {
    const running = await start({ 'index.cjs': version(1) }, ['--watch']);
    app?.write('index.cjs', appCode("app.http('other', { handler: () => ({ body: 'here' }) });"));
    expect(await until(() => text(running, 'other'))).toBe('here');
    expect((await fetch(`${running.url}/api/version`)).status).toBe(404);
  });
});

describe('a start that cannot be', () => {
  it('on a port that is taken says which, and what to set', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    app = temporaryApp({ 'index.cjs': code });
    host = await startHost(app.folder, { port });
    expect(await host.ended).toBe(1);
    expect(host.output()).toContain(`Port ${port} is taken. Give another with --port`);
    taken.close();
  });

  it('for its host.json says why', async () => {
    app = temporaryApp({ 'index.cjs': code, 'host.json': '{"version":"1.0"}' });
    host = await startHost(app.folder);
    expect(await host.ended).toBe(1);
    expect(host.output()).toContain('The Functions host cannot start:');
    expect(host.output()).toContain('"version" must be "2.0"');
  });

  it('for its arguments shows what there is', () => {
    expect(() => execFileSync(process.execPath, ['local/functions-host/main.ts'], { stdio: 'pipe' })).toThrow(
      /--script-root is missing\.[^]*Usage:/,
    );
  });
});

interface Gate {
  url: string;
  server: Server;
  waiting: ServerResponse[];
  /** How many have waited at a time. */
  most: number;
  open(): void;
}

/** A server that keeps its callers waiting until it is opened. */
async function startGate(): Promise<Gate> {
  const gate: Gate = {
    url: '',
    waiting: [],
    most: 0,
    open: () => {
      for (const response of gate.waiting.splice(0)) response.end('open');
    },
    server: createServer((_request, response) => {
      gate.waiting.push(response);
      gate.most = Math.max(gate.most, gate.waiting.length);
    }),
  };
  await new Promise<void>((done) => gate.server.listen(0, '127.0.0.1', done));
  gate.url = `http://127.0.0.1:${(gate.server.address() as AddressInfo).port}`;
  return gate;
}
