/** The local Web PubSub for tests: in this process with short periods, or as the program that people start. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from '../../../local/tls/certificate.ts';
import { parseConfig } from '../../../local/web-pubsub/config.ts';
import { startServer } from '../../../local/web-pubsub/server.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

export const accessKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH';

/** The section `WebPubSub` of a configuration file, without its key. */
export interface Settings {
  Hubs?: Record<string, object>;
  Local?: object;
  SecondaryAccessKey?: string;
  AllowUnvalidatedEntraTokens?: boolean;
}

export interface RunningService {
  port: number;
  /** `localhost:PORT` */
  host: string;
  connectionString: string;
  stop(): Promise<void>;
}

export async function startService(settings: Settings = {}): Promise<RunningService> {
  const server = await startServer(parseConfig(toFile(settings)), 0);
  return { ...describe(server.port), stop: () => server.stop() };
}

/** As `startService`, with a TLS listener; `port`, `host` and `connectionString` are the listener's. */
export async function startSecureService(
  settings: Settings,
  certificate: Certificate,
): Promise<RunningService & { plainHost: string }> {
  const server = await startServer(parseConfig(toFile(settings)), 0, { port: 0, certificate });
  const plainHost = `localhost:${server.port}`;
  return { ...describe(server.tlsPort!, 'https'), plainHost, stop: () => server.stop() };
}

export interface ServiceProcess extends RunningService {
  child: ChildProcess;
  exited: Promise<number | null>;
  /** Everything it has printed so far. */
  output(): string;
}

/** Starts `main.ts` and waits until it answers. */
export async function startServiceProcess(settings: Settings = {}): Promise<ServiceProcess> {
  const port = await freePort();
  const { child, output, exited } = runMain(settings, port);
  await until(async () => (await fetch(`http://127.0.0.1:${port}/api/health`, { method: 'HEAD' })).ok, {
    what: 'the service to be ready',
  });
  return {
    ...describe(port),
    child,
    exited,
    output,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Runs `main.ts` with a configuration; `exited` answers its exit code. */
export function runMain(settings: Settings, port: number, ...more: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'web-pubsub-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(toFile(settings)));
  const child = spawn(process.execPath, [
    'local/web-pubsub/main.ts',
    '--config',
    config,
    '--port',
    String(port),
    ...more,
  ]);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  }
  const killIt = () => child.kill('SIGKILL');
  process.once('exit', killIt);
  const exited = new Promise<number | null>((done) => {
    child.once('close', (code) => {
      process.off('exit', killIt);
      rmSync(folder, { recursive: true, force: true });
      done(code);
    });
  });
  return { child, output: () => text, exited };
}

const toFile = (settings: Settings) => ({ WebPubSub: { AccessKey: accessKey, ...settings } });

const describe = (port: number, scheme = 'http') => ({
  port,
  host: `localhost:${port}`,
  connectionString: `Endpoint=${scheme}://localhost:${port};AccessKey=${accessKey};Version=1.0;`,
});
