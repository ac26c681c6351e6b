/** The namespace as a process of its own, on free ports and in a folder of its own, for the tests to use and to kill. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningPart, type Part } from '../../../local/stack/process.ts';
import { freePorts } from '../../support/ports.ts';

export class NamespaceProcess {
  readonly port: number;
  readonly adminPort: number;
  readonly tlsPort: number;
  readonly folder: string;
  readonly #part: Part;
  #running: RunningPart;

  private constructor(folder: string, [port, adminPort, tlsPort]: number[]) {
    this.folder = folder;
    this.port = port!;
    this.adminPort = adminPort!;
    this.tlsPort = tlsPort!;
    this.#part = {
      title: 'Service Bus',
      args: [
        'local/service-bus/main.ts',
        `--config=${join(folder, 'config.json')}`,
        `--data=${join(folder, 'data')}`,
        `--port=${port}`,
        `--admin-port=${adminPort}`,
        `--tls-port=${tlsPort}`,
        `--certificate=${join(folder, 'cert.pem')}`,
        `--key=${join(folder, 'key.pem')}`,
      ],
      ports: [],
      health: { url: `http://127.0.0.1:${adminPort}/health`, method: 'GET' },
      log: join(folder, 'log'),
    };
    this.#running = new RunningPart(this.#part);
  }

  /** Starts a namespace with these contents of `config.json`, and waits until it answers. */
  static async start(config: unknown): Promise<NamespaceProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const started = new NamespaceProcess(folder, await freePorts(3));
    await started.#running.ready();
    return started;
  }

  get connectionString(): string {
    return `Endpoint=sb://localhost:${this.port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`;
  }

  /** What a client must trust to use the TLS port; in PEM. */
  get certificate(): string {
    return readFileSync(join(this.folder, 'cert.pem'), 'utf8');
  }

  /** What the process printed last. */
  get output(): string {
    return this.#running.lastLines;
  }

  get alive(): boolean {
    return this.#running.child.exitCode === null && this.#running.child.signalCode === null;
  }

  /** `kill -9`; resolves once the process is gone. */
  async kill(): Promise<void> {
    this.#running.kill();
    await this.#running.ended;
  }

  /** Starts it again on what it left behind. */
  async startAgain(): Promise<void> {
    this.#running = new RunningPart(this.#part);
    await this.#running.ready();
  }

  async interrupt(): Promise<string> {
    this.#running.child.kill('SIGINT');
    return this.#running.ended;
  }

  /** Ends it, and removes what it kept. */
  async remove(): Promise<void> {
    await this.#running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A `config.json` with these queues and topics. */
export function emulatorConfig(contents: { Queues?: unknown[]; Topics?: unknown[] }): unknown {
  return {
    UserConfig: { Namespaces: [{ Name: 'sbemulatorns', ...contents }], Logging: { Type: 'Console' } },
  };
}
