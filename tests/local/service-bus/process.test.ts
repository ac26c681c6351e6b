/** The program: its start, its health, its end, and what it says when it cannot start. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../support/ports.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';

const oneQueue = emulatorConfig({ Queues: [{ Name: 'q' }] });
const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs the program to its end. */
async function run(args: string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, ['local/service-bus/main.ts', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { errors: await text(child.stderr), code: await ended };
}

async function runWith(
  config: unknown,
  ports?: [number, number],
): Promise<{ code: number | null; errors: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  const [port, admin] = ports ?? (await freePorts(2));
  return run([
    `--config=${file}`,
    `--data=${join(folder, 'data')}`,
    `--port=${port}`,
    `--admin-port=${admin}`,
  ]);
}

async function started(): Promise<NamespaceProcess> {
  const bus = await NamespaceProcess.start(oneQueue);
  cleanups.push(() => bus.remove());
  return bus;
}

describe('the program', () => {
  it('answers on its health address alone, and says where it listens', async () => {
    const bus = await started();
    const admin = `http://127.0.0.1:${bus.adminPort}`;
    expect((await fetch(`${admin}/health`)).status).toBe(200);
    expect((await fetch(`${admin}/queues`)).status).toBe(404);
    expect((await fetch(`${admin}/health`, { method: 'POST' })).status).toBe(404);
    expect(bus.output).toContain(`127.0.0.1:${bus.port}`);
  });

  it('ends with code 0 when it is interrupted', async () => {
    const bus = await started();
    expect(await bus.interrupt()).toBe('ended with code 0');
  });

  it('says which port is taken and what to set', async () => {
    const [taken, other] = (await freePorts(2)) as [number, number];
    const server = createServer().listen(taken, '127.0.0.1');
    cleanups.push(() => new Promise((done) => server.close(done)));
    const asAmqp = await runWith(oneQueue, [taken, other]);
    expect(asAmqp).toMatchObject({ code: 1, errors: expect.stringContaining(`${taken}`) as string });
    expect(asAmqp.errors).toContain('--port');
    const asAdmin = await runWith(oneQueue, [other, taken]);
    expect(asAdmin).toMatchObject({ code: 1, errors: expect.stringContaining('--admin-port') as string });
  });

  it('does not share its data with a second process', async () => {
    const bus = await started();
    const [port, admin] = await freePorts(2);
    const second = await run([
      `--config=${join(bus.folder, 'config.json')}`,
      `--data=${join(bus.folder, 'data')}`,
      `--port=${port}`,
      `--admin-port=${admin}`,
    ]);
    expect(second.code).toBe(1);
    expect(second.errors).toContain('another process');
  });

  it('asks for its options', async () => {
    expect(await run([])).toMatchObject({ code: 1, errors: expect.stringContaining('--config') as string });
  });

  it('says what is wrong with its configuration, without a stack', async () => {
    const { code, errors } = await runWith(
      emulatorConfig({ Queues: [{ Name: 'q', Properties: { LockDuraton: 'PT1M' } }] }),
    );
    expect(code).toBe(1);
    expect(errors).toContain('LockDuraton');
    expect(errors).not.toContain('    at ');
  });
});
