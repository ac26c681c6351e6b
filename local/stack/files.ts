/**
 * The configuration files that the parts read: those of the repository, with ports and settings exchanged where
 * a stack asks for others. A stack on the default ports reads the very files of the repository.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePageFiles } from '../../infra/hooks/page-files.ts';
import { defaultPorts, type Ports } from './ports.ts';

export interface StackFiles {
  serviceBus: string;
  webPubSub: string;
  settings: string;
  /** Files that go before those of the built page: its `config.json`, its headers. */
  pageOverlay: string;
}

/** What a stack may want otherwise than the repository's files say. */
export interface Changes {
  /** App settings on top of `local.settings.json`. */
  settings?: Record<string, string>;
  /** Merged into the root of Web PubSub's file, as periods for fault tests are. */
  webPubSub?: Record<string, unknown>;
  /** For how long a subscription of Service Bus locks what it hands out, as an ISO 8601 duration. */
  lockDuration?: string;
}

const azuriteKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Connection string of the storage emulator's well-known account, for tables on a port of one's own. */
export const storageConnection = (ports: Ports): string =>
  `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${azuriteKey};` +
  `BlobEndpoint=http://127.0.0.1:${ports.blob}/devstoreaccount1;` +
  `QueueEndpoint=http://127.0.0.1:${ports.queue}/devstoreaccount1;` +
  `TableEndpoint=http://127.0.0.1:${ports.table}/devstoreaccount1;`;

/** Finds or writes the files for a stack whose data lies in `data`. */
export function prepareFiles(data: string, ports: Ports, changes: Changes = {}): StackFiles {
  if (!existsSync('local.settings.json')) copyFileSync('local.settings.sample.json', 'local.settings.json');
  const moved = (Object.keys(ports) as (keyof Ports)[]).some((key) => ports[key] !== defaultPorts[key]);
  const own = join(data, 'config');
  mkdirSync(own, { recursive: true });
  const settings = settingsFile(own, { ports, moved, changes });
  return {
    serviceBus: serviceBusFile(own, changes),
    webPubSub: webPubSubFile(own, ports, changes),
    settings,
    pageOverlay: pageOverlay(own, ports, settings),
  };
}

function serviceBusFile(folder: string, { lockDuration }: Changes): string {
  const source = 'local/config/service-bus.json';
  if (lockDuration === undefined) return source;
  return save(
    join(folder, 'service-bus.json'),
    JSON.parse(readFileSync(source, 'utf8'), (key, value: unknown) =>
      key === 'LockDuration' ? lockDuration : value,
    ),
  );
}

function webPubSubFile(folder: string, ports: Ports, changes: Changes): string {
  const source = 'local/config/web-pubsub.json';
  if (ports.functions === defaultPorts.functions && !changes.webPubSub) return source;
  const text = readFileSync(source, 'utf8').replaceAll('localhost:7071', `localhost:${ports.functions}`);
  const file = JSON.parse(text) as { WebPubSub: object };
  return save(join(folder, 'web-pubsub.json'), {
    ...file,
    WebPubSub: { ...file.WebPubSub, ...changes.webPubSub },
  });
}

function settingsFile(
  folder: string,
  { ports, moved, changes }: { ports: Ports; moved: boolean; changes: Changes },
): string {
  if (!moved && !changes.settings) return 'local.settings.json';
  // A moved stack starts from the sample: somebody's own settings may point elsewhere.
  const source = moved ? 'local.settings.sample.json' : 'local.settings.json';
  const file = JSON.parse(readFileSync(source, 'utf8')) as {
    Values: Record<string, string>;
    Host: Record<string, unknown>;
  };
  if (moved) {
    file.Values['AzureWebJobsStorage'] = storageConnection(ports);
    file.Values['ServiceBusConnection'] = file.Values['ServiceBusConnection']!.replace(
      'sb://localhost;',
      `sb://localhost:${ports.amqp};`,
    );
    file.Values['WebPubSubConnectionString'] = file.Values['WebPubSubConnectionString']!.replace(
      ':8080',
      `:${ports.webPubSub}`,
    );
    file.Host['LocalHttpPort'] = ports.functions;
    file.Host['CORS'] = `http://localhost:${ports.page},http://127.0.0.1:${ports.page}`;
  }
  Object.assign(file.Values, changes.settings);
  return save(join(folder, 'local.settings.json'), file);
}

/** What a deployment writes into the built page. */
function pageOverlay(folder: string, ports: Ports, settings: string): string {
  const overlay = join(folder, 'page');
  const { Values } = JSON.parse(readFileSync(settings, 'utf8')) as { Values: Record<string, string> };
  writePageFiles(overlay, {
    api: `http://localhost:${ports.functions}/api`,
    webPubSub: `ws://localhost:${ports.webPubSub}`,
    providers: Values['OIDC_PROVIDERS'],
  });
  return overlay;
}

function save(path: string, content: unknown): string {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}
