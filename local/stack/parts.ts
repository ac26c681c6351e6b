/** The parts of the stack, in the order in which they start: each depends only on those before it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { StackFiles } from './files.ts';
import { portVariables, type Ports } from './ports.ts';
import type { Part } from './process.ts';

export type PartName = 'storage' | 'serviceBus' | 'webPubSub' | 'functions' | 'page' | 'status';

export interface PartOptions {
  /** Folder for everything that is kept. */
  data: string;
  ports: Ports;
  files: StackFiles;
  /** The functions load again when they are built again, and the page comes from Vite's dev server. */
  watch: boolean;
}

/** What to run for each part. */
export function stackParts({ data, ports, files, watch }: PartOptions): Record<PartName, Part> {
  const port = (key: keyof Ports) => ({ port: ports[key], variable: portVariables[key] });
  const log = (name: string) => join(data, 'logs', `${name}.log`);
  return {
    storage: {
      title: 'Storage (Azurite)',
      args: azurite(data, ports),
      ports: [port('blob'), port('queue'), port('table')],
      health: { url: `http://127.0.0.1:${ports.table}/`, method: 'GET', anyStatus: true },
      log: log('storage'),
    },
    serviceBus: {
      title: 'Service Bus',
      args: [
        'local/service-bus/main.ts',
        ...flags({
          config: files.serviceBus,
          data: join(data, 'service-bus'),
          port: ports.amqp,
          'admin-port': ports.serviceBusAdmin,
        }),
      ],
      ports: [port('amqp'), port('serviceBusAdmin')],
      health: { url: `http://127.0.0.1:${ports.serviceBusAdmin}/health`, method: 'GET' },
      log: log('service-bus'),
    },
    webPubSub: {
      title: 'Web PubSub',
      args: ['local/web-pubsub/main.ts', ...flags({ config: files.webPubSub, port: ports.webPubSub })],
      ports: [port('webPubSub')],
      health: { url: `http://127.0.0.1:${ports.webPubSub}/api/health`, method: 'HEAD' },
      log: log('web-pubsub'),
    },
    functions: {
      title: 'Functions',
      args: [
        'local/functions-host/main.ts',
        ...flags({
          'script-root': 'dist/package',
          settings: files.settings,
          port: ports.functions,
          data: join(data, 'functions'),
        }),
        ...(watch ? ['--watch'] : []),
      ],
      ports: [port('functions')],
      // The app's own health: it answers once the services behind it do.
      health: { url: `http://127.0.0.1:${ports.functions}/api/health`, method: 'GET' },
      log: log('functions'),
    },
    page: {
      title: 'Page',
      args: watch ? viteServer(ports) : pageServer(ports, files),
      ports: [port('page')],
      health: { url: `http://127.0.0.1:${ports.page}/`, method: 'GET' },
      log: log('page'),
    },
    status: {
      title: 'Status page',
      args: [
        'local/status/main.ts',
        ...flags({
          port: ports.status,
          functions: `http://127.0.0.1:${ports.functions}`,
          'service-bus': `http://127.0.0.1:${ports.serviceBusAdmin}`,
          'web-pubsub': `http://127.0.0.1:${ports.webPubSub}`,
        }),
      ],
      ports: [port('status')],
      health: { url: `http://127.0.0.1:${ports.status}/`, method: 'GET' },
      log: log('status'),
    },
  };
}

function pageServer(ports: Ports, files: StackFiles): string[] {
  return ['local/page/main.ts', ...flags({ root: 'dist/web', port: ports.page, overlay: files.pageOverlay })];
}

function viteServer(ports: Ports): string[] {
  return [binaryOf('vite'), ...flags({ port: ports.page })];
}

/** The program that a package brings. */
function binaryOf(name: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> };
  return join(dirname(manifest), bin[name]!);
}

function azurite(data: string, ports: Ports): string[] {
  const location = join(data, 'storage');
  mkdirSync(location, { recursive: true });
  return [
    binaryOf('azurite'),
    '--silent',
    '--disableTelemetry',
    '--skipApiVersionCheck',
    ...flags({
      location,
      blobHost: '127.0.0.1',
      blobPort: ports.blob,
      queueHost: '127.0.0.1',
      queuePort: ports.queue,
      tableHost: '127.0.0.1',
      tablePort: ports.table,
    }),
  ];
}

/** Command line options from names and values; those without a value are left out. */
function flags(options: Record<string, string | number | undefined>): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}
