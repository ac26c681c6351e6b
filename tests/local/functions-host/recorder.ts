/** What the functions of apps/bus report to, and who decides how they end. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

export interface Report {
  functionName: string;
  input: unknown;
  metadata: Record<string, unknown>;
  invocationId: string;
  /** Ends the function well or, with `fail`, by an error. */
  pass(): void;
  fail(): void;
}

export class Recorder {
  readonly reports: Report[] = [];
  /** How many reports of a function have waited for their end at a time. */
  readonly most = new Map<string, number>();
  #held = new Map<string, number>();
  #server: Server;
  #decide: ((report: Report) => void) | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      const functionName = (request.url ?? '').slice(1);
      void text(request).then((body) => this.#note(functionName, body, response));
    });
  }

  static async start(): Promise<Recorder> {
    const recorder = new Recorder();
    await new Promise<void>((done) => recorder.#server.listen(0, '127.0.0.1', done));
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The reports of one function. */
  of(functionName: string): Report[] {
    return this.reports.filter((report) => report.functionName === functionName);
  }

  /** How functions end from now on; undefined: when the test says so, report by report. */
  set decide(decide: ((report: Report) => void) | undefined) {
    this.#decide = decide;
  }

  clear(): void {
    this.reports.length = 0;
    this.most.clear();
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #note(functionName: string, body: string, response: ServerResponse): void {
    const held = (this.#held.get(functionName) ?? 0) + 1;
    this.#held.set(functionName, held);
    this.most.set(functionName, Math.max(held, this.most.get(functionName) ?? 0));
    const end = (status: number): void => {
      if (response.writableEnded) return;
      this.#held.set(functionName, (this.#held.get(functionName) ?? 1) - 1);
      response.writeHead(status).end();
    };
    response.once('close', () => end(500));
    const content = JSON.parse(body) as Pick<Report, 'input' | 'metadata' | 'invocationId'>;
    const report: Report = { functionName, ...content, pass: () => end(200), fail: () => end(400) };
    this.reports.push(report);
    this.#decide?.(report);
  }
}
