/** `npm start` as a person meets it: one address to open, a clear word for a taken port, nothing left after Ctrl-C. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { portsFrom, portVariables, type Ports } from '../../../local/stack/ports.ts';
import { isTaken } from '../../../local/stack/process.ts';
import { freeStackPorts } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

interface Launch {
  process: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

const data = mkdtempSync(join(tmpdir(), 'hubbub-start-'));
const open: (() => unknown)[] = [() => rmSync(data, { recursive: true, force: true })];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function launch(ports: Ports): Launch {
  const variables = Object.entries(ports).map(([key, port]) => [
    portVariables[key as keyof Ports],
    String(port),
  ]);
  const child = spawn(process.execPath, ['local/start.ts', '--no-build'], {
    env: { ...process.env, ...Object.fromEntries(variables), HUBBUB_DATA: data },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  open.push(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { process: child, output: () => text, ended };
}

describe('npm start', () => {
  test('starts all parts, prints the address, and leaves nothing behind after Ctrl-C', async () => {
    const ports = await freeStackPorts();
    const { process: child, output, ended } = launch(ports);
    await until(() => output().includes(`http://localhost:${ports.page}`) && output().includes('Ready'), {
      what: 'the address',
    });
    for (const part of ['Storage', 'Service Bus', 'Web PubSub', 'Functions', 'Page', 'Status page']) {
      expect(output()).toMatch(new RegExp(`✓ ${part}.* s\\n`));
    }
    const page = await fetch(`http://localhost:${ports.page}/rooms/any`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain(`http://localhost:${ports.functions}`);
    const config = await fetch(`http://localhost:${ports.page}/config.json`);
    expect(output()).toContain(`What the stack is doing: http://localhost:${ports.status}`);
    expect((await fetch(`http://localhost:${ports.status}`)).status).toBe(200);
    expect(await config.json()).toEqual({ api: `http://localhost:${ports.functions}/api` });

    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(output()).toContain('Stopped');
    for (const port of Object.values(ports)) expect(await isTaken(port)).toBe(false);
  });

  test('names a port that is taken, and what to set', async () => {
    const ports = await freeStackPorts();
    const server: Server = createServer();
    await new Promise<void>((done) => server.listen(ports.webPubSub, '127.0.0.1', done));
    open.push(() => server.close());
    const { output, ended } = launch(ports);
    expect(await ended).toBe(1);
    expect(output()).toContain(`Port ${ports.webPubSub} is taken`);
    expect(output()).toContain('HUBBUB_WEB_PUBSUB_PORT');
    for (const port of [ports.table, ports.amqp, ports.functions]) expect(await isTaken(port)).toBe(false);
  });
});

describe('ports', () => {
  test('are those of the well-known emulators, moved by variables', () => {
    expect(portsFrom({})).toMatchObject({
      functions: 7071,
      amqp: 5672,
      webPubSub: 8080,
      table: 10002,
      page: 4280,
    });
    expect(portsFrom({ HUBBUB_PAGE_PORT: '4281' }).page).toBe(4281);
  });

  test.each(['0', '65536', 'x', '1.5'])('refuse %s', (value) => {
    expect(() => portsFrom({ HUBBUB_PAGE_PORT: value })).toThrow('HUBBUB_PAGE_PORT');
  });
});
